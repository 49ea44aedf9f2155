import { signal } from '@preact/signals'
import type { ImageId } from '../../../../manifest/image-id.ts'
import { keyOf } from '../gallery-state.ts'
import type { Studio } from '../source/studio.ts'
import { createWordsForm, type WordsForm } from './words-form.ts'

/** The images whose words are being edited. Going to another image and back loses nothing. */
export interface WordsForms {
  of(image: ImageId): WordsForm | undefined
  /** Begins, or goes on. */
  start(image: ImageId): WordsForm
  end(image: ImageId): void
  /** Whether something was typed that is not saved. */
  hasChanges(): boolean
}

export function createWordsForms(studio: Studio): WordsForms {
  const forms = signal<ReadonlyMap<string, WordsForm>>(new Map())
  return {
    of: image => forms.value.get(keyOf(image)),
    start(image) {
      const open = forms.value.get(keyOf(image))
      if (open) return open
      const form = createWordsForm(image, studio)
      forms.value = new Map(forms.value).set(keyOf(image), form)
      void form.read()
      return form
    },
    end(image) {
      const left = new Map(forms.value)
      left.delete(keyOf(image))
      forms.value = left
    },
    hasChanges: () => [...forms.value.values()].some(form => form.isChanged()),
  }
}
