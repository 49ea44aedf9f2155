/** Words that a module cannot export a constant under, and globals that it should not hide. */
const RESERVED = new Set(
  `arguments await break case catch class const continue debugger default delete do else
  enum eval export extends false finally for function if implements import in Infinity
  instanceof interface let NaN new null package private protected public return static super
  switch this throw true try typeof undefined var void while with yield`.split(/\s+/),
)

/**
 * The JavaScript identifier that an image is exported as: its name in camelCase (`hero-night` →
 * `heroNight`). A digit at the beginning, or a reserved word, gets a leading underscore (`404` → `_404`,
 * `default` → `_default`).
 *
 * @returns undefined when the name has no letter and no digit.
 */
export function toExportName(name: string): string | undefined {
  const words = name.split(/[^\p{ID_Continue}$]+|_+/u).filter(Boolean)
  const [first, ...rest] = words
  if (first === undefined) return undefined
  const joined = [lowerFirst(first), ...rest.map(upperFirst)].join('')
  return RESERVED.has(joined) || !/^[\p{ID_Start}$]/u.test(joined) ? `_${joined}` : joined
}

/** `Hero` → `hero`, `OG` → `og`, `iOS` → `iOS`. */
function lowerFirst(word: string): string {
  if (word === word.toUpperCase()) return word.toLowerCase()
  const [head = ''] = word
  return head.toLowerCase() + word.slice(head.length)
}

function upperFirst(word: string): string {
  const [head = ''] = word
  return head.toUpperCase() + word.slice(head.length)
}
