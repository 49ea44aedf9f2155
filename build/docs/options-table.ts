import ts from 'typescript'
import { descriptionOf, readStatements, tagOf } from './source.ts'
import { renderTable } from './table.ts'

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
    OPTION_FILES.flatMap(readStatements)
      .filter(ts.isInterfaceDeclaration)
      .map(node => [node.name.text, node]),
  )

  function read(name: string, prefix: string): DocumentedOption[] {
    const members = interfaces.get(name)?.members.filter(ts.isPropertySignature) ?? []
    return members.flatMap(member => {
      const name = prefix + member.name.getText()
      const description = descriptionOf(member)
      const children = read(member.type?.getText() ?? '', `${name}.`)
      const isGroup = children.length > 0 && description === ''
      return isGroup
        ? children
        : [{ name, description, usual: tagOf(member, 'default') }, ...children]
    })
  }
  return read('Options', '')
}

export function renderOptionsTable(): string {
  return renderTable(
    ['option', 'meaning', 'default'],
    readOptions().map(({ name, description, usual }) => [
      `\`${name}\``,
      description,
      /^(?:the|none|from)\b/.test(usual) ? usual : usual && `\`${usual}\``,
    ]),
  )
}
