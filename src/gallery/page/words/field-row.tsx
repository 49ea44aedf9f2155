import { useData } from '../state/store-context.ts'
import { completionsOf } from '../state/words/completions.ts'
import type { FormField } from '../state/words/form-sections.ts'
import { isWithin } from '../state/words/typed-fields.ts'
import type { WordsForm } from '../state/words/words-form.ts'
import { type FieldPath, helpFor } from '../state/words/words-schema.ts'
import { FieldFaults } from './field-faults.tsx'

interface FieldRowProps {
  readonly form: WordsForm
  readonly field: FormField
}

/** A field with its completions, and what is wrong with it. */
export function FieldRow({ form, field: { path, label, isLong = false } }: FieldRowProps) {
  const help = helpFor(path, form.schema.value)
  const id = fieldId(path)
  const faults = form.check.value?.faults.filter(fault => fault.path && isWithin(fault.path, path))
  const common = {
    id,
    class: 'field wide',
    dir: 'auto',
    placeholder: form.isEmpty(path) ? '' : form.inheritedOf(path),
    value: form.textOf(path),
    spellcheck: isLong || path.at(-1) === 'alt',
    'aria-invalid': faults !== undefined && faults.length > 0,
    'aria-describedby': `${id}-help ${id}-faults`,
    onInput: (event: { readonly currentTarget: { readonly value: string } }) =>
      form.change(path, event.currentTarget.value),
  } as const
  return (
    <div class="form-row stack">
      <div class="line small">
        <label class="strong" for={id}>
          {label}
        </label>
        <span class="clip quiet" id={`${id}-help`} title={help?.description}>
          {help?.description}
        </span>
      </div>
      {isLong ? (
        <textarea {...common} rows={path[0] === 'prompt' ? 6 : 3} />
      ) : (
        <input {...common} type="text" list={`${id}-list`} autocomplete="off" />
      )}
      {!isLong && <Completions form={form} path={path} />}
      {path[0] === 'style' && <NoStyle form={form} path={path} />}
      <FieldFaults id={`${id}-faults`} faults={faults ?? []} />
    </div>
  )
}

interface FieldProps {
  readonly form: WordsForm
  readonly path: FieldPath
}

function Completions({ form, path }: FieldProps) {
  const { images } = useData()
  const { manifest, name } = form.image
  const names = images
    .filter(({ id }) => id.manifest === manifest && id.name !== name)
    .map(({ id }) => id.name)
  const help = helpFor(path, form.schema.value)
  return (
    <datalist id={`${fieldId(path)}-list`}>
      {completionsOf({ path, text: form.textOf(path), help, names }).map(value => (
        <option key={value} value={value} />
      ))}
    </datalist>
  )
}

/** `defaults` may give a style that this image is not to have. */
function NoStyle({ form, path }: FieldProps) {
  const isPossible = form.inheritedOf(path) !== '' && form.textOf(path) === ''
  if (!isPossible) return null
  return (
    <label class="line small">
      <input
        type="checkbox"
        checked={form.isEmpty(path)}
        onChange={({ currentTarget }) => form.setEmpty(path, currentTarget.checked)}
      />
      No style for this image
    </label>
  )
}

function fieldId(path: FieldPath): string {
  return `field-${encodeURIComponent(path.join('-'))}`
}

/** Once it is drawn. */
export function focusField(path: FieldPath): void {
  requestAnimationFrame(() => document.getElementById(fieldId(path))?.focus())
}
