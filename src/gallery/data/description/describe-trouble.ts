import { formatImageId, type ImageId } from '../../../manifest/image-id.ts'
import type { ImageState } from '../../../plan/image-state.ts'
import { withoutMarks } from '../../../text/shown-text.ts'
import type { GalleryTrouble } from '../gallery-data.ts'

/** Characters of a reason: a sentence that is read at once. */
const LONGEST_REASON = 160

/** Characters of everything else: every image's words are sent at once. */
const LONGEST_WORDS = 4_000

/** The same of an image that is opened. An API may send a page of a megabyte. */
const LONGEST_WHOLE = 256 * 1024

/** A state as a page may show it: no endless texts, and nothing in them that a page obeys. Pure. */
export function shownState(status: ImageState): ImageState {
  if (!('problem' in status) || status.problem === undefined) return status
  return { ...status, problem: shortened(status.problem, LONGEST_WORDS) }
}

/** What went wrong with an image, the reason first; undefined when nothing did. Pure. */
export function describeTrouble(id: ImageId, status: ImageState): GalleryTrouble | undefined {
  const words = wordsOf(id, status)
  if (words === undefined) return undefined
  const reason = reasonOf(words)
  return { reason, ...(words.trim() !== reason && { words: shortened(words, LONGEST_WORDS) }) }
}

/** All words of what went wrong, where {@link describeTrouble} cut them. Pure. */
export function describeWholeTrouble(id: ImageId, status: ImageState): string | undefined {
  const words = withoutMarks(wordsOf(id, status) ?? '')
  return words.length > LONGEST_WORDS ? shortened(words, LONGEST_WHOLE) : undefined
}

function wordsOf(id: ImageId, status: ImageState): string | undefined {
  if (!('problem' in status) || status.problem === undefined) return undefined
  const label = `${formatImageId(id)}: `
  const { problem } = status
  return problem.startsWith(label) ? problem.slice(label.length) : problem
}

/** The first sentence, without the API's words that it quotes. */
function reasonOf(text: string): string {
  const plain = text.replace(/:? ?“[\s\S]*?(?:”|$)/g, '').trim()
  const [sentence = plain] = /^[\s\S]*?[.!?](?=\s|$)/.exec(plain) ?? []
  return shortened(sentence.replace(/\s+/g, ' '), LONGEST_REASON)
}

function shortened(text: string, length: number): string {
  const shown = withoutMarks(text)
  return shown.length > length ? `${shown.slice(0, length)}…` : shown
}
