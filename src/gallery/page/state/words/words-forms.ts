import { effect, signal } from '@preact/signals'
import type { ImageId } from '../../../../manifest/image-id.ts'
import { keyOf } from '../gallery-state.ts'
import type { Studio } from '../source/studio.ts'
import { pathKey } from './typed-fields.ts'
import { createWordsDrafts } from './words-drafts.ts'
import { createWordsForm, type WordsForm } from './words-form.ts'

/** The images whose words are being edited. Going to another image and back loses nothing. */
export interface WordsForms {
  of(image: ImageId): WordsForm | undefined
  all(): readonly WordsForm[]
  /** Begins, or goes on. */
  start(image: ImageId): WordsForm
  end(image: ImageId): void
  /** Whether something was typed that is not saved. */
  hasChanges(): boolean
  /** Brings back what was typed in this tab before the page was loaded again, and keeps what is typed from now on. */
  restore(project: string): void
}

export function createWordsForms(studio: Studio): WordsForms {
  const forms = signal<ReadonlyMap<string, WordsForm>>(new Map())
  const add = (form: WordsForm): WordsForm => {
    forms.value = new Map(forms.value).set(keyOf(form.image), form)
    void form.read()
    return form
  }
  let isKept = false
  const all = () => [...forms.value.values()]
  return {
    all,
    of: image => forms.value.get(keyOf(image)),
    start: image => forms.value.get(keyOf(image)) ?? add(createWordsForm(image, studio)),
    end(image) {
      const left = new Map(forms.value)
      left.delete(keyOf(image))
      forms.value = left
    },
    hasChanges: () => all().some(form => form.isChanged()),
    restore(project) {
      if (isKept) return
      isKept = true
      const drafts = createWordsDrafts(project)
      for (const { image, fields } of drafts.read()) {
        const typed = new Map(fields.map(field => [pathKey(field.path), field]))
        add(createWordsForm(image, studio, typed))
      }
      effect(() => {
        const changed = all().filter(({ typed }) => typed.value.size > 0)
        drafts.write(
          changed.map(({ image, typed }) => ({ image, fields: [...typed.value.values()] })),
        )
      })
    },
  }
}
