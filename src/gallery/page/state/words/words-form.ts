import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals'
import type { ImageId } from '../../../../manifest/image-id.ts'
import type { Json } from '../../../../system/json.ts'
import type {
  GalleryEdit,
  GalleryWords,
  GalleryWordsCheck,
  GalleryWordsSave,
  GalleryWritten,
} from '../../../data/gallery-exchanges.ts'
import { sentenceOf } from '../format.ts'
import type { Studio } from '../source/studio.ts'
import {
  type FieldHelp,
  formatField,
  parseField,
  readWordsSchema,
  type WordsSchema,
} from './words-schema.ts'

/** How long it waits for the next key before it has the words checked, in milliseconds. */
const PAUSE = 300

/** Below the image: `['output', 'aspect']`. */
export type FieldPath = readonly string[]

/** The words of an image while they are edited. */
export interface WordsForm {
  readonly image: ImageId
  /** Undefined until they are read. */
  readonly words: ReadonlySignal<GalleryWords | undefined>
  readonly schema: ReadonlySignal<WordsSchema | undefined>
  /** What saving the present text would do; undefined while that is being asked, or nothing changed. */
  readonly check: ReadonlySignal<GalleryWordsCheck | undefined>
  /** Why the words could not be read, checked or saved. */
  readonly problem: ReadonlySignal<string | undefined>
  readonly isSaving: ReadonlySignal<boolean>
  textOf(path: FieldPath): string
  /** What applies where the image says nothing. */
  inheritedOf(path: FieldPath): string
  change(path: FieldPath, text: string): void
  isChanged(): boolean
  /** Reads the manifest again, and keeps what was typed. */
  read(): Promise<void>
  /** Undefined: nothing was written, and `problem` says why. */
  save(pictures: GalleryWordsSave['pictures']): Promise<GalleryWritten | undefined>
}

interface FormState {
  readonly image: ImageId
  readonly studio: Studio
  readonly words: Signal<GalleryWords | undefined>
  readonly schema: Signal<WordsSchema | undefined>
  readonly check: Signal<GalleryWordsCheck | undefined>
  readonly problem: Signal<string | undefined>
  /** What was typed, by path. */
  readonly typed: Signal<ReadonlyMap<string, TypedField>>
  timer: number | undefined
  /** Rises with each text: the answer to an earlier one is of no use. */
  version: number
}

interface TypedField {
  readonly path: FieldPath
  readonly text: string
}

export function createWordsForm(image: ImageId, studio: Studio): WordsForm {
  const state: FormState = {
    image,
    studio,
    words: signal<GalleryWords | undefined>(undefined),
    schema: signal<WordsSchema | undefined>(undefined),
    check: signal<GalleryWordsCheck | undefined>(undefined),
    problem: signal<string | undefined>(undefined),
    typed: signal<ReadonlyMap<string, TypedField>>(new Map()),
    timer: undefined,
    version: 0,
  }
  const isSaving = signal(false)
  const { words, schema, check, problem, typed } = state
  return {
    ...{ image, words, schema, check, problem, isSaving },
    textOf: path =>
      typed.value.get(path.join('.'))?.text ?? formatField(valueAt(words.value?.fields, path)),
    inheritedOf: path => formatField(valueAt(words.value?.inherited, path)),
    change(path, text) {
      typed.value = new Map(typed.value).set(path.join('.'), { path, text })
      checkSoon(state)
    },
    isChanged: () => editsOf(state).length > 0,
    read: () => read(state),
    async save(pictures) {
      isSaving.value = true
      try {
        const digest = words.value?.digest ?? ''
        return await studio.save({ image, digest, edits: editsOf(state), pictures })
      } catch (error) {
        problem.value = sentenceOf(error)
        return undefined
      } finally {
        isSaving.value = false
      }
    },
  }
}

async function read(state: FormState): Promise<void> {
  const { image, studio, words, schema, problem } = state
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

function checkSoon(state: FormState): void {
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

/** Only what differs from the manifest. */
function editsOf({ typed, words, schema }: FormState): readonly GalleryEdit[] {
  return [...typed.value.values()].flatMap(({ path, text }) => {
    const before = valueAt(words.value?.fields, path)
    if (text === formatField(before)) return []
    return [{ path, value: parseField(text, helpFor(path, schema.value)?.type) }]
  })
}

export function helpFor(path: FieldPath, schema: WordsSchema | undefined): FieldHelp | undefined {
  const name = path.at(-1) ?? ''
  return path.includes('output') && name !== 'output'
    ? schema?.output.get(name)
    : schema?.fields.get(name)
}

function valueAt(fields: GalleryWords['fields'] | undefined, path: FieldPath): Json | undefined {
  let value: Json | undefined = fields
  for (const name of path) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    value = Object.hasOwn(value, name) ? (value as Readonly<Record<string, Json>>)[name] : undefined
  }
  return value
}
