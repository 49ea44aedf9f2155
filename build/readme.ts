/**
 * Keeps the README's tables at one with what they describe: options with the JSDoc of their
 * interface, manifest fields with the schema.
 * `npm run readme` writes them; a test holds them.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'
import { renderJsonSchema } from './schema.ts'

const root = path.resolve(import.meta.dirname, '..')
const README = path.join(root, 'README.md')

/** The README as it should be. */
export function renderReadme(): string {
  const tables: Record<string, string> = {
    manifest: renderManifestTable(),
    options: renderOptionsTable(),
  }
  return Object.entries(tables).reduce(replaceSection, readFileSync(README, 'utf8'))
}

function replaceSection(text: string, [name, content]: [string, string]): string {
  const section = new RegExp(`(<!-- ${name}:start -->\\n)[^]*?(\\n<!-- ${name}:end -->)`)
  if (!section.test(text)) throw new Error(`README.md has no section "${name}".`)
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

if (process.argv.includes('--write')) writeFileSync(README, renderReadme())
