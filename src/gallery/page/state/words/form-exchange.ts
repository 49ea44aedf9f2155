import { batch, type Signal } from '@preact/signals'
import type { ImageId } from '../../../../manifest/image-id.ts'
import type {
  GalleryEdit,
  GalleryWords,
  GalleryWordsCheck,
  GalleryWordsSave,
  GalleryWritten,
} from '../../../data/gallery-exchanges.ts'
import { sentenceOf } from '../format.ts'
import type { Studio } from '../source/studio.ts'
import { listEdits, type TypedFields } from './typed-fields.ts'
import { type FieldPath, readWordsSchema, type WordsSchema } from './words-schema.ts'

/** How long it waits for the next key before it has the words checked, in milliseconds. */
const PAUSE = 300

/** A form, and what it has under way with the server. */
export interface FormState {
  readonly image: ImageId
  readonly studio: Studio
  readonly words: Signal<GalleryWords | undefined>
  readonly schema: Signal<WordsSchema | undefined>
  readonly check: Signal<GalleryWordsCheck | undefined>
  readonly problem: Signal<string | undefined>
  readonly typed: Signal<TypedFields>
  readonly added: Signal<readonly FieldPath[]>
  readonly isSaving: Signal<boolean>
  timer: number | undefined
  /** Rises with each text: the answer to an earlier one is of no use. */
  version: number
}

/** Undefined: nothing was written, and `problem` says why. */
export async function saveForm(
  { image, studio, words, problem, isSaving, ...state }: FormState,
  pictures: GalleryWordsSave['pictures'],
): Promise<GalleryWritten | undefined> {
  isSaving.value = true
  try {
    const edits = editsOf({ words, ...state })
    return await studio.save({ image, digest: words.value?.digest ?? '', edits, pictures })
  } catch (error) {
    problem.value = sentenceOf(error)
    return undefined
  } finally {
    isSaving.value = false
  }
}

/** Keeps what was typed. */
export async function readForm(state: FormState): Promise<void> {
  const { image, studio, words, schema, check, problem } = state
  // What it says is of the text that is being read again.
  check.value = undefined
  try {
    const [read, known] = await Promise.all([
      studio.words(image),
      studio.schema().catch(() => undefined),
    ])
    batch(() => {
      words.value = read
      schema.value = readWordsSchema(known)
      problem.value = undefined
    })
    checkSoon(state)
  } catch (error) {
    problem.value = sentenceOf(error)
  }
}

/** Once nobody types for a moment. */
export function checkSoon(state: FormState): void {
  state.version += 1
  state.check.value = undefined
  window.clearTimeout(state.timer)
  state.timer = window.setTimeout(() => void checkNow(state), PAUSE)
}

async function checkNow(state: FormState): Promise<void> {
  const { image, studio, words, check, problem, version } = state
  const edits = editsOf(state)
  if (!words.value || edits.length === 0) return
  try {
    const answer = await studio.check({ image, digest: words.value.digest, edits })
    if (version !== state.version) return
    batch(() => {
      check.value = answer
      problem.value = undefined
    })
  } catch (error) {
    if (version === state.version) problem.value = sentenceOf(error)
  }
}

/** What the form would write now. */
export function editsOf({
  typed,
  words,
  schema,
}: Pick<FormState, 'typed' | 'words' | 'schema'>): readonly GalleryEdit[] {
  return listEdits(typed.value, words.value?.fields, schema.value)
}
