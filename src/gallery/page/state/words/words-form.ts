import { type ReadonlySignal, signal } from '@preact/signals'
import type { ImageId } from '../../../../manifest/image-id.ts'
import type {
  GalleryWords,
  GalleryWordsCheck,
  GalleryWordsSave,
  GalleryWritten,
} from '../../../data/gallery-exchanges.ts'
import type { Studio } from '../source/studio.ts'
import { formatField } from './field-text.ts'
import { checkSoon, editsOf, type FormState, readForm, saveForm } from './form-exchange.ts'
import {
  isWithin,
  pathKey,
  type TypedFields,
  withoutTyped,
  withTyped,
  writtenAt,
} from './typed-fields.ts'
import type { FieldPath, WordsSchema } from './words-schema.ts'

/** The words of an image while they are edited. */
export interface WordsForm {
  readonly image: ImageId
  /** Undefined until they are read. */
  readonly words: ReadonlySignal<GalleryWords | undefined>
  readonly schema: ReadonlySignal<WordsSchema | undefined>
  readonly typed: ReadonlySignal<TypedFields>
  /** Fields that are shown because somebody asked for them. */
  readonly added: ReadonlySignal<readonly FieldPath[]>
  /** What saving the present text would do; undefined while that is being asked, or nothing changed. */
  readonly check: ReadonlySignal<GalleryWordsCheck | undefined>
  /** Why the words could not be read, checked or saved. */
  readonly problem: ReadonlySignal<string | undefined>
  readonly isSaving: ReadonlySignal<boolean>
  textOf(path: FieldPath): string
  /** What applies where the image says nothing. */
  inheritedOf(path: FieldPath): string
  change(path: FieldPath, text: string): void
  /** Writes an empty text, or leaves the field to what it inherits. */
  setEmpty(path: FieldPath, isEmpty: boolean): void
  isEmpty(path: FieldPath): boolean
  /** Removes a field with all that is in it; {@link WordsForm.forget} takes that back. */
  remove(path: FieldPath): void
  isRemoved(path: FieldPath): boolean
  /** Forgets what was typed there. */
  forget(path: FieldPath): void
  /** Shows a field that nothing is written in. */
  show(path: FieldPath): void
  /** Whether something is written, typed or asked for there, or in it. */
  isShown(path: FieldPath): boolean
  isChanged(): boolean
  /** Reads the manifest again, and keeps what was typed. */
  read(): Promise<void>
  /** Undefined: nothing was written, and `problem` says why. */
  save(pictures: GalleryWordsSave['pictures']): Promise<GalleryWritten | undefined>
}

/** @param typed what somebody typed before the page was loaded again */
export function createWordsForm(
  image: ImageId,
  studio: Studio,
  typed: TypedFields = new Map(),
): WordsForm {
  const state: FormState = {
    image,
    studio,
    words: signal<GalleryWords | undefined>(undefined),
    schema: signal<WordsSchema | undefined>(undefined),
    check: signal<GalleryWordsCheck | undefined>(undefined),
    problem: signal<string | undefined>(undefined),
    typed: signal(typed),
    added: signal<readonly FieldPath[]>([]),
    isSaving: signal(false),
    timer: undefined,
    version: 0,
  }
  return {
    ...state,
    ...readers(state),
    ...writers(state),
    isChanged: () => editsOf(state).length > 0,
    read: () => readForm(state),
    save: pictures => saveForm(state, pictures),
  }
}

function readers({ words, typed, added }: FormState) {
  const typedAt = (path: FieldPath) => typed.value.get(pathKey(path))
  const textOf = (path: FieldPath): string =>
    typedAt(path)?.text ?? formatField(writtenAt(words.value?.fields, path))
  const inheritedOf = (path: FieldPath): string => {
    const [owner, , ...inner] = path
    // A variant's output is merged over that of the image.
    if (owner === 'variants') return textOf(inner) || inheritedOf(inner)
    return path.length === 0 ? '' : formatField(writtenAt(words.value?.inherited, path))
  }
  const isRemoved = (path: FieldPath): boolean =>
    typedAt(path)?.text === '' && writtenAt(words.value?.fields, path) !== undefined
  return {
    textOf,
    inheritedOf,
    isRemoved,
    isEmpty: (path: FieldPath): boolean =>
      typedAt(path)?.isEmptyText ?? (!typedAt(path) && writtenAt(words.value?.fields, path) === ''),
    isShown: (path: FieldPath): boolean =>
      writtenAt(words.value?.fields, path) !== undefined ||
      [...[...typed.value.values()].map(field => field.path), ...added.value].some(other =>
        isWithin(other, path),
      ),
  }
}

function writers(state: FormState) {
  const { typed, added } = state
  const set = (next: TypedFields): void => {
    typed.value = next
    checkSoon(state)
  }
  return {
    change: (path: FieldPath, text: string) => set(withTyped(typed.value, { path, text })),
    setEmpty: (path: FieldPath, isEmpty: boolean) =>
      set(withTyped(typed.value, { path, text: '', isEmptyText: isEmpty })),
    remove(path: FieldPath) {
      added.value = added.value.filter(other => !isWithin(other, path))
      const isWritten = writtenAt(state.words.value?.fields, path) !== undefined
      set(isWritten ? withTyped(typed.value, { path, text: '' }) : withoutTyped(typed.value, path))
    },
    forget: (path: FieldPath) => set(withoutTyped(typed.value, path)),
    show(path: FieldPath) {
      added.value = [...added.value, path]
    },
  }
}
