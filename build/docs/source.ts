/** The sources of this package, as the documentation quotes them. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { oneLine } from './table.ts'

export const ROOT = path.resolve(import.meta.dirname, '../..')

/** @param file relative to the root of the repository */
export function readStatements(file: string): readonly ts.Statement[] {
  const text = readFileSync(path.join(ROOT, file), 'utf8')
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true).statements
}

/** What the JSDoc of a declaration says before its tags, on one line. */
export function descriptionOf(node: ts.Node): string {
  const [doc] = ts.getJSDocCommentsAndTags(node)
  return doc && ts.isJSDoc(doc) ? plainLinks(ts.getTextOfJSDocComment(doc.comment)) : ''
}

/** What a tag of its JSDoc says, on one line. */
export function tagOf(node: ts.Node, name: string): string {
  const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === name)
  return oneLine(ts.getTextOfJSDocComment(tag?.comment)).replaceAll('*\\/', '*/')
}

/** `{@link X}` as `X`. */
function plainLinks(text: string | undefined): string {
  return oneLine(text).replace(/\{@link (\S+?)\}/g, '`$1`')
}
