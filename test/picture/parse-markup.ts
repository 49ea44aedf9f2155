/** An element without the order and the spelling that frameworks choose for its attributes. */
export interface ParsedElement {
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
  /** Declarations of the `style` attribute. */
  readonly style: Readonly<Record<string, string>>
}

const TAG = /<(\/?)([a-z]+)((?:\s+[^\s"'<>/=]+(?:="[^"]*")?)*)\s*\/?>/g
const ATTRIBUTE = /([^\s"'<>/=]+)(?:="([^"]*)")?/g

/**
 * The elements of a piece of markup in the order of their tags; closing tags stand there too.
 * @throws where anything else than elements and comments stands in it
 */
export function parseMarkup(html: string): readonly ParsedElement[] {
  const text = html.replace(/<!--[\s\S]*?-->/g, '')
  const elements: ParsedElement[] = []
  const rest = text.replace(TAG, (_, slash: string, tag: string, list: string) => {
    const pairs = [...list.matchAll(ATTRIBUTE)].map(([, name = '', value = '']) => [
      name.toLowerCase(),
      decode(value),
    ])
    const { style = '', ...attributes } = Object.fromEntries(pairs)
    elements.push({ tag: slash + tag, attributes, style: parseStyle(style) })
    return ''
  })
  if (rest.trim() !== '') throw new Error(`Not markup: ${rest}`)
  return elements
}

function parseStyle(style: string): Readonly<Record<string, string>> {
  const declarations = style.match(/[^;:\s][^:]*:(?:url\([^)]*\)|[^;(])*/g) ?? []
  return Object.fromEntries(
    declarations.map(declaration => {
      const colon = declaration.indexOf(':')
      const value = declaration.slice(colon + 1).replaceAll("'", '"')
      return [declaration.slice(0, colon).trim(), value.trim()]
    }),
  )
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  '#x27': "'",
}

function decode(text: string): string {
  return text.replace(/&(#?\w+);/g, (entity, name: string) => ENTITIES[name] ?? entity)
}
