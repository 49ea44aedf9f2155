import path from 'node:path'
import glob from 'fast-glob'
import ts from 'typescript'
import { ADVICE, ATTEMPT_ADVICE } from './error-advice.ts'
import { descriptionOf, ROOT, readStatements } from './source.ts'
import { renderTable } from './table.ts'

/** Every error class with one code: what it means and what to do. */
export function renderErrorsTable(): string {
  const rows = readErrors().map(({ code, name, meaning }) => [
    `\`${code}\``,
    `\`${name}\``,
    meaning,
    adviceOf(code, ADVICE),
  ])
  return renderTable(['code', 'error', 'what it means', 'what to do'], rows)
}

/** The codes of an attempt, which its one class shares. */
export function renderAttemptCodesTable(): string {
  const [union] = readStatements('src/provider/attempt-error.ts').filter(ts.isTypeAliasDeclaration)
  const text = union?.getFullText() ?? ''
  const codes = [...text.matchAll(/\| '(\w+)'(?: \/\/ (.*))?/g)]
  const rows = codes.map(([, code = '', when = '']) => [
    `\`${code}\``,
    when,
    adviceOf(code, ATTEMPT_ADVICE),
  ])
  return renderTable(['code', 'when', 'what to do'], rows)
}

interface DocumentedError {
  readonly code: string
  readonly name: string
  readonly meaning: string
}

function readErrors(): readonly DocumentedError[] {
  return glob
    .sync('src/**/*-error.ts', { cwd: ROOT })
    .sort((a, b) => path.basename(a).localeCompare(path.basename(b)))
    .flatMap(file => readStatements(file).filter(ts.isClassDeclaration))
    .flatMap(node => {
      const name = node.name?.text ?? ''
      const code = codeOf(node)
      return code === undefined ? [] : [{ code, name, meaning: descriptionOf(node) }]
    })
}

/** Of an error class whose `code` is a literal. */
function codeOf(node: ts.ClassDeclaration): string | undefined {
  const isError = node.heritageClauses?.some(clause => /\bImagegenError\b/.test(clause.getText()))
  const member = node.members.find(member => member.name?.getText() === 'code')
  const value = member && ts.isPropertyDeclaration(member) ? member.initializer : undefined
  return isError && value && ts.isStringLiteral(value) ? value.text : undefined
}

function adviceOf(code: string, advice: Readonly<Record<string, string>>): string {
  const said = advice[code]
  if (said === undefined) throw new Error(`build/docs/error-advice.ts says nothing of ${code}.`)
  return said
}
