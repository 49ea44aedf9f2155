/** What people can do about a file that does not decode. */
export const SAVE_AGAIN = 'Save or download it again, or use another file.'

/** Names of libraries, and paths of files, before their words. */
const ORIGIN = /^(?:[\w.-]+|source|(?:\/|[a-z]:\\).*?): /i

/**
 * Why a picture does not decode, as the end of a sentence: sharp's words are those of a decoder, and
 * end in nothing where that says nothing.
 */
export function explainDecoding(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).trim().split('\n')
  const words = line.replace(/^Input (?:file|buffer) has corrupt header:?\s*/, '')
  const reason = words.replace(ORIGIN, '').replace(/[.:\s]+$/, '')
  if (
    /premature end|bad seek|read error|unexpected end|out of data|unknown error|EOF/i.test(reason)
  ) {
    return 'its data ends too early or is damaged'
  }
  return reason === '' || /unable to parse/.test(reason) ? 'its header cannot be read' : reason
}
