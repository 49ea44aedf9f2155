/**
 * The one escape for text of others (an API's answer, a manifest, a file name) where it leaves for a
 * terminal, a log or a page. Pure, so that every exit can use it.
 */

/** Control characters but tab and line feed, line separators, bidirectional marks, lone surrogates. */
const OBEYED =
  /[^\P{Cc}\t\n]|[\p{Cs}\p{Zl}\p{Zp}\u{61c}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu

/** Most texts: found in a tenth of the time. */
const PLAIN = /^[\t\n\x20-\x7e]*$/

/** GitHub takes a line that begins so as a command, after blanks too. */
const COMMAND_LINE = /^([ \t]*):(?=:)/gm

/** Azure Pipelines, TeamCity and older GitHub runners look for `##vso[`, `##[` … anywhere in a line. */
const COMMAND = /#(?=#[\w-]*\[)/g

/** Colours and weights, as they are put around text of ours. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: that is how a terminal is told
const COLOR = /(\u001b\[(?:[0-2]|2[2-4]|3[0-9]|9[0-7])m)/

/** Text without what a terminal or a page obeys instead of showing it. */
export function withoutMarks(text: string): string {
  return PLAIN.test(text) ? text : text.replace(OBEYED, '')
}

/** Text that terminals, logs and pages show and do not obey. Applying it twice changes nothing. */
export function shownText(text: string): string {
  return withoutMarks(text).replace(COMMAND_LINE, '$1: ').replace(COMMAND, '# ')
}

/** The same for text that has been coloured: what colours it stays. */
export function shownColored(text: string): string {
  // Every second piece is a colour. A line may begin with one, which runners take away first.
  return text
    .split(COLOR)
    .map((piece, index) => (index % 2 === 0 ? shownText(piece) : piece))
    .join('')
}

/** JSON whose texts say what they said, and hold nothing that a terminal or a runner obeys. */
export function shownJson(value: unknown): string {
  const escapeCharacter = (character: string) =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  return JSON.stringify(value, undefined, 2)
    .replace(OBEYED, escapeCharacter)
    .replace(COMMAND, escapeCharacter)
}

/**
 * An error as a host may print it: with its message, its stack and its causes escaped, and otherwise
 * what it was, so that `instanceof` and codes still tell it.
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
