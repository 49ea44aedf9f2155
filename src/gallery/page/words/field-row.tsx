import type { GalleryFieldFault } from '../../data/gallery-exchanges.ts'
import { type FieldPath, helpFor, type WordsForm } from '../state/words/words-form.ts'

interface FieldRowProps {
  readonly form: WordsForm
  readonly path: FieldPath
  readonly label: string
  /** A text of several lines. */
  readonly isLong?: boolean
}

/** A field with the schema's suggestions, and what is wrong with it. */
export function FieldRow({ form, path, label, isLong = false }: FieldRowProps) {
  const help = helpFor(path, form.schema.value)
  const id = `field-${path.join('-')}`
  const faults = faultsAt(form.check.value?.faults ?? [], path)
  const suggestions = help?.suggestions ?? []
  const common = {
    id,
    class: 'field wide',
    dir: 'auto',
    placeholder: form.inheritedOf(path),
    value: form.textOf(path),
    spellcheck: isLong || path.at(-1) === 'alt',
    'aria-invalid': faults.length > 0,
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
      {!isLong && suggestions.length > 0 && (
        <datalist id={`${id}-list`}>
          {suggestions.map(value => (
            <option key={value} value={value} />
          ))}
        </datalist>
      )}
      <div class="small fault" id={`${id}-faults`} role="alert">
        {faults.map(({ message, hint }) => (
          <p key={message}>{[message, hint].filter(Boolean).join(' ')}</p>
        ))}
      </div>
    </div>
  )
}

/** Those of the field, and of what lies below it. */
function faultsAt(
  faults: readonly GalleryFieldFault[],
  path: FieldPath,
): readonly GalleryFieldFault[] {
  const isBelow = (other: FieldPath): boolean => path.every((name, index) => other[index] === name)
  return faults.filter(fault => fault.path && isBelow(fault.path))
}
