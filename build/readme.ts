/**
 * Keeps the tables of the documentation at one with what they describe: options with the JSDoc of
 * their interface, manifest fields with the schema.
 * `npm run docs:tables` writes them; a test holds them.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { renderJsonSchema } from './schema.ts'

const root = path.resolve(import.meta.dirname, '..')

/** What is generated, by the page that holds it. */
const TABLES: Readonly<Record<string, () => string>> = {
  'docs/reference/manifest.md': renderManifestTable,
  'docs/reference/options.md': renderOptionsTable,
}

/** The pages with tables, absolute, each as it should be. */
export function renderTables(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(TABLES).map(([page, render]) => {
      const file = path.join(root, page)
      return [file, replaceTable(readFileSync(file, 'utf8'), page, render())]
    }),
  )
}

function replaceTable(text: string, page: string, content: string): string {
  const name = path.basename(page, '.md')
  const section = new RegExp(`(<!-- ${name}:start -->\\n)[^]*?(\\n<!-- ${name}:end -->)`)
  if (!section.test(text)) throw new Error(`${page} has no section "${name}".`)
  return text.replace(section, (_, start: string, end: string) => `${start}\n${content}\n${end}`)
}

interface FieldSchema {
  readonly $ref?: string
  readonly description?: string
  readonly default?: unknown
}

function renderManifestTable(): string {
  const schema: {
    properties: Record<string, FieldSchema>
    definitions: Record<string, FieldSchema & { properties: Record<string, FieldSchema> }>
  } = JSON.parse(renderJsonSchema())
  const follow = (field: FieldSchema) =>
    schema.definitions[field.$ref?.replace('#/definitions/', '') ?? ''] ?? field
  const { $schema: _, ...fields } = schema.properties
  const rows = [
    ...Object.entries(fields),
    ...Object.entries(schema.definitions.output?.properties ?? {}).map(
      ([name, field]) => [`output.${name}`, field] as const,
    ),
  ]
  return renderTable(
    ['field', 'meaning', 'default'],
    rows.map(([name, written]) => {
      const field = follow(written)
      const usual = field.default === undefined ? '' : `\`${JSON.stringify(field.default)}\``
      return [`\`${name}\``, oneLine(field.description), usual]
    }),
  )
}

/** An option as its JSDoc documents it. */
export interface DocumentedOption {
  /** `provider.retry.delays` */
  readonly name: string
  readonly description: string
  /** What `@default` says; empty when there is none. */
  readonly usual: string
}

/** Where the interface and its groups stand. */
const OPTION_FILES = ['src/config/options.ts', 'src/config/provider/provider-options.ts']

/** Every option of the interface, groups included. */
export function readOptions(): readonly DocumentedOption[] {
  const interfaces = new Map(
    OPTION_FILES.flatMap(name => {
      const file = path.join(root, name)
      const text = readFileSync(file, 'utf8')
      const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true)
      return source.statements.filter(ts.isInterfaceDeclaration)
    }).map(node => [node.name.text, node]),
  )

  function read(name: string, prefix: string): DocumentedOption[] {
    const members = interfaces.get(name)?.members.filter(ts.isPropertySignature) ?? []
    return members.flatMap(member => {
      const name = prefix + member.name.getText()
      const description = descriptionOf(member)
      const children = read(member.type?.getText() ?? '', `${name}.`)
      const isGroup = children.length > 0 && description === ''
      return isGroup ? children : [{ name, description, usual: defaultOf(member) }, ...children]
    })
  }
  return read('Options', '')
}

function renderOptionsTable(): string {
  return renderTable(
    ['option', 'meaning', 'default'],
    readOptions().map(({ name, description, usual }) => [
      `\`${name}\``,
      description,
      /^(?:the|none)\b/.test(usual) ? usual : usual && `\`${usual}\``,
    ]),
  )
}

function descriptionOf(member: ts.PropertySignature): string {
  const [doc] = ts.getJSDocCommentsAndTags(member)
  return doc && ts.isJSDoc(doc) ? oneLine(ts.getTextOfJSDocComment(doc.comment)) : ''
}

function defaultOf(member: ts.PropertySignature): string {
  const tag = ts.getJSDocTags(member).find(({ tagName }) => tagName.text === 'default')
  return oneLine(ts.getTextOfJSDocComment(tag?.comment)).replaceAll('*\\/', '*/')
}

function oneLine(text: string | undefined): string {
  return (text ?? '').replace(/\s*\n\s*/g, ' ').trim()
}

function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

if (process.argv.includes('--write')) {
  for (const [file, text] of renderTables()) writeFileSync(file, text)
}
