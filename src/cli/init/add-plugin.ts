import { itemOf, type PluginPlace } from './detect-host.ts'

/**
 * Adds the plugin to the text of a configuration that is an ES module with one list of plugins, or
 * with an object that has none. The rest of the text stays as it is. Pure.
 * @returns undefined where the text leaves a doubt about the place
 */
export function addPlugin(text: string, place: PluginPlace): string | undefined {
  const code = blankOut(text)
  if (code === undefined || /\bmodule\.exports\b/.test(code)) return undefined
  if (place.wrapper !== undefined) return wrapExport(text, code, place.wrapper, place.entry)
  const insertion = inList(text, code, place) ?? inObject(text, code, place)
  if (!insertion) return undefined
  const { at, line } = insertion
  const added = `${text.slice(0, at)}${line}${text.slice(at)}`
  return place.isByName ? added : addImport(added, code, 'imagegen', place.entry)
}

interface Insertion {
  readonly at: number
  readonly line: string
}

/** First in the list: the plugin comes before those of frameworks. */
function inList(text: string, code: string, place: PluginPlace): Insertion | undefined {
  const { list } = place
  const item = itemOf(place)
  const [match, ...others] = code.matchAll(new RegExp(`(?<![\\w$.-])${list}\\s*:\\s*\\[`, 'g'))
  if (!match || others.length > 0) return undefined
  const at = match.index + match[0].length
  const space = spaceAt(text, at)
  if (text[at + space.length] === ']') return { at, line: item }
  if (space.includes('\n')) return { at, line: `${space}${item},` }
  return { at, line: `${item}, ` }
}

/** First in the exported object, where no object of the text has such a list. */
function inObject(text: string, code: string, place: PluginPlace): Insertion | undefined {
  const { list } = place
  if (new RegExp(`\\b${list}\\b`).test(code)) return undefined
  const [match, ...others] = code.matchAll(/\bexport\s+default\s+(?:define\w*Config\s*\(\s*)?\{/g)
  if (!match || others.length > 0) return undefined
  const at = match.index + match[0].length
  const space = spaceAt(text, at)
  const property = `${list}: [${itemOf(place)}]`
  if (text[at + space.length] === '}') return { at, line: ` ${property} ` }
  if (space.includes('\n')) return { at, line: `${space}${property},` }
  return { at, line: ` ${property},` }
}

function spaceAt(text: string, at: number): string {
  return /^\s*/.exec(text.slice(at))?.[0] ?? ''
}

/** Hands the exported value to a function, where it is one call, one object or one name. */
function wrapExport(
  text: string,
  code: string,
  wrapper: string,
  entry: string,
): string | undefined {
  const [match, ...others] = code.matchAll(/\bexport\s+default\s+(?=\S)/g)
  if (!match || others.length > 0) return undefined
  const start = match.index + match[0].length
  const end = endOfValue(code, start)
  if (end === undefined || !/^\s*;?\s*$/.test(code.slice(end))) return undefined
  const wrapped = `${wrapper}(${text.slice(start, end)})`
  const changed = text.slice(0, start) + wrapped + text.slice(end)
  return addImport(changed, code, `{ ${wrapper} }`, entry)
}

/** Where `name`, `name(…)` or `{…}` ends; undefined for all that may go on. */
function endOfValue(code: string, start: number): number | undefined {
  const [name = ''] = /^[\w$]*/.exec(code.slice(start)) ?? []
  const open = start + name.length
  if (!'({'.includes(code[open] ?? ' ')) return name === '' ? undefined : open
  if ((code[open] === '{') !== (name === '')) return undefined
  let depth = 0
  for (let at = open; at < code.length; at++) {
    if ('([{'.includes(code[at] ?? ' ')) depth++
    if (')]}'.includes(code[at] ?? ' ') && --depth === 0) return at + 1
  }
  return undefined
}

function addImport(text: string, code: string, names: string, entry: string): string {
  const first = /^import\b.*$/m.exec(code)
  const at = first?.index ?? 0
  const line = first ? text.slice(at, text.indexOf('\n', at)) : ''
  const quote = line.includes('"') ? '"' : "'"
  const end = line.trimEnd().endsWith(';') ? ';' : ''
  const eol = text.includes('\r\n') ? '\r\n' : '\n'
  const added = `import ${names} from ${quote}${entry}${quote}${end}${eol}`
  return `${text.slice(0, at)}${added}${first ? '' : eol}${text.slice(at)}`
}

const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g

/**
 * The text with comments and strings as blanks, at the same places.
 * @returns undefined when its brackets do not match, as where it was not understood
 */
function blankOut(text: string): string | undefined {
  const code = text.replace(TOKEN, token => token.replace(/[^\r\n]/g, ' '))
  const open: string[] = []
  for (const [bracket] of code.matchAll(/[()[\]{}]/g)) {
    const index = ')]}'.indexOf(bracket)
    if (index < 0) open.push(bracket)
    else if (open.pop() !== '([{'[index]) return undefined
  }
  return open.length === 0 && !/['"`]/.test(code) ? code : undefined
}
