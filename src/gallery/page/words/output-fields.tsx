import { useSignal } from '@preact/signals'
import type { FieldPath, WordsForm } from '../state/words/words-form.ts'
import { FieldRow } from './field-row.tsx'

/** Settings of `output` that are written, and a choice of those that are not. */
export function OutputFields({ form }: { readonly form: WordsForm }) {
  const added = useSignal<readonly string[]>([])
  const known = [...(form.schema.value?.output.keys() ?? [])]
  const isShown = (name: string): boolean =>
    added.value.includes(name) || form.textOf(['output', name]) !== ''
  return (
    <>
      {known.filter(isShown).map(name => (
        <FieldRow key={name} form={form} path={['output', name]} label={`output.${name}`} />
      ))}
      {variantPaths(form).map(path => (
        <FieldRow key={path.join('.')} form={form} path={path} label={path.join('.')} />
      ))}
      {known.length > 0 && (
        <select
          class="field"
          aria-label="Add an output setting"
          value=""
          onChange={({ currentTarget }) => {
            added.value = [...added.value, currentTarget.value]
            currentTarget.value = ''
          }}
        >
          <option value="">Add an output setting…</option>
          {known
            .filter(name => !isShown(name))
            .map(name => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
        </select>
      )}
    </>
  )
}

/** Where the crops of variants lie. */
function variantPaths(form: WordsForm): readonly FieldPath[] {
  const variants = form.words.value?.fields.variants
  if (typeof variants !== 'object' || variants === null || Array.isArray(variants)) return []
  return Object.keys(variants)
    .map(name => ['variants', name, 'output', 'position'])
    .filter(path => form.textOf(path) !== '')
}
