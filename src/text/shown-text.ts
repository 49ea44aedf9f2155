/**
 * Escapes text from elsewhere (an API's answer, a manifest, a file name) before it reaches a terminal,
 * a log or a page. Pure, so that every exit can use it.
 */

/** Control characters but tab and line feed, line separators, bidirectional marks, lone surrogates. */
const OBEYED =
  /[^\P{Cc}\t\n]|[\p{Cs}\p{Zl}\p{Zp}\u{61c}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu

/** Most texts are plain: this test takes a tenth of the time. */
const PLAIN = /^[\t\n\x20-\x7e]*$/

/** GitHub runs a line that begins with `::` as a command, also after blanks. */
const COMMAND_LINE = /^([ \t]*):(?=:)/gm

/** Azure Pipelines, TeamCity and older GitHub runners look for `##vso[`, `##[` … anywhere in a line. */
const COMMAND = /#(?=#[\w-]*\[)/g

/** Colours and weights that we put around text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals use it
const COLOR = /(\u001b\[(?:[0-2]|2[2-4]|3[0-9]|9[0-7])m)/

/** Removes the characters that a terminal or a page obeys instead of showing them. */
export function withoutMarks(text: string): string {
  return PLAIN.test(text) ? text : text.replace(OBEYED, '')
}

/** Makes text that terminals, logs and pages show and do not obey. Applying it twice changes nothing. */
export function shownText(text: string): string {
  return withoutMarks(text).replace(COMMAND_LINE, '$1: ').replace(COMMAND, '# ')
}

/** The same for coloured text, which keeps its colours. */
export function shownColored(text: string): string {
  // Every second piece is a colour. Runners remove a colour at the beginning of a line before they read it.
  return text
    .split(COLOR)
    .map((piece, index) => (index % 2 === 0 ? shownText(piece) : piece))
    .join('')
}

/** JSON that parses to the same value, without anything that a terminal or a runner obeys. */
export function shownJson(value: unknown): string {
  const escapeCharacter = (character: string) =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(value, undefined, 2)
    .replace(OBEYED, escapeCharacter)
    .replace(COMMAND, escapeCharacter)
}

/**
 * An error that a host may print: message, stack and causes are escaped. The rest stays, so that
 * `instanceof` and codes still work.
 */
export function shownError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(shownText(String(error)))
  const shown: Error = Object.create(
    Object.getPrototypeOf(error),
    Object.getOwnPropertyDescriptors(error),
  )
  const define = (name: string, value: unknown) =>
    Object.defineProperty(shown, name, { value, writable: true, configurable: true })
  define('message', shownText(error.message))
  define('stack', shownText(error.stack ?? ''))
  if (error.cause !== undefined) define('cause', shownError(error.cause))
  if ('errors' in error) define('errors', shownValue(error.errors))
  if ('report' in error) define('report', shownValue(error.report))
  return shown
}

/** Data with its texts and errors escaped. */
function shownValue(value: unknown): unknown {
  if (typeof value === 'string') return shownText(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Error) return shownError(value)
  if (Array.isArray(value)) return value.map(shownValue)
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, shownValue(part)]))
}
