import { closest, distance } from 'fastest-levenshtein'

/** The candidate that was probably meant; undefined when none is close enough to be a slip. */
export function nearest(written: string, candidates: readonly string[]): string | undefined {
  // Nobody mistypes a name of thousands of characters, and comparing takes the square of the length.
  if (candidates.length === 0 || written.length > 100) return undefined
  const candidate = closest(
    written.toLowerCase(),
    candidates.map(name => name.toLowerCase()),
  )
  const found = candidates.find(name => name.toLowerCase() === candidate)
  if (found === undefined) return undefined
  const limit = Math.floor(Math.max(written.length, found.length) * 0.4)
  return distance(written.toLowerCase(), candidate) <= limit ? found : undefined
}

/** "Did you mean `formats`?", or else the list of candidates; undefined when that would be long. */
export function suggest(written: string, candidates: readonly string[]): string | undefined {
  const found = nearest(written, candidates)
  if (found !== undefined) return `Did you mean \`${found}\`?`
  if (candidates.length === 0 || candidates.length > 20) return undefined
  return `Possible here: ${candidates.map(name => `\`${name}\``).join(', ')}.`
}
