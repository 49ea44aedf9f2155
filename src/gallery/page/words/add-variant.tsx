import { useSignal } from '@preact/signals'
import { variantNames } from '../state/words/form-sections.ts'
import type { WordsForm } from '../state/words/words-form.ts'
import { focusField } from './field-row.tsx'

/** Names that people use, with what they mean. */
const USUAL = { dark: '(prefers-color-scheme: dark)', phone: '(max-width: 40rem)' } as const

/** Another picture or crop for the same place. */
export function AddVariant({ form }: { readonly form: WordsForm }) {
  const name = useSignal('')
  const add = (): void => {
    const wanted = name.value.trim()
    if (wanted === '') return
    const media = ['variants', wanted, 'media']
    if (!variantNames(form).includes(wanted)) {
      form.show(media)
      const usual = Object.entries(USUAL).find(([key]) => key === wanted)?.[1]
      if (usual !== undefined) form.change(media, usual)
    }
    name.value = ''
    focusField(media)
  }
  return (
    <div class="row">
      <input
        class="field"
        aria-label="Name of a new variant"
        placeholder="dark, phone …"
        list="usual-variants"
        autocomplete="off"
        value={name.value}
        onInput={({ currentTarget }) => {
          name.value = currentTarget.value
        }}
        onKeyDown={({ key }) => key === 'Enter' && add()}
      />
      <datalist id="usual-variants">
        {Object.keys(USUAL).map(usual => (
          <option key={usual} value={usual} />
        ))}
      </datalist>
      <button class="button" type="button" onClick={add}>
        Add variant
      </button>
    </div>
  )
}
