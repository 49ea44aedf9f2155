import { type FormSection, sectionFaults } from '../state/words/form-sections.ts'
import type { WordsForm } from '../state/words/words-form.ts'
import { FieldFaults } from './field-faults.tsx'
import { FieldRow, focusField } from './field-row.tsx'

interface SectionProps {
  readonly form: WordsForm
  readonly section: FormSection
}

/** Fields that stand together, and a choice of those that are not written. */
export function Section({ form, section }: SectionProps) {
  const { title, owner, fields, isVariant = false } = section
  if (form.isRemoved(owner)) return <RemovedVariant form={form} section={section} />
  const id = `section-${title.replaceAll(/\W+/g, '-')}`
  return (
    <fieldset class="stack" aria-describedby={`${id}-faults`}>
      <legend class="quiet small">{title}</legend>
      <FieldFaults
        id={`${id}-faults`}
        faults={sectionFaults(form.check.value?.faults ?? [], section)}
      />
      {fields.map(field => (
        <FieldRow key={field.path.join('.')} form={form} field={field} />
      ))}
      <div class="row">
        <AddField form={form} section={section} />
        {isVariant && (
          <button class="button" type="button" onClick={() => form.remove(owner)}>
            {`Remove ${owner.at(-1)}`}
          </button>
        )}
      </div>
    </fieldset>
  )
}

function AddField({ form, section: { others, adding } }: SectionProps) {
  if (others.length === 0) return null
  return (
    <select
      class="field"
      aria-label={adding}
      value=""
      onChange={({ currentTarget }) => {
        const chosen = others.find(({ label }) => label === currentTarget.value)
        currentTarget.value = ''
        if (!chosen) return
        form.show(chosen.path)
        focusField(chosen.path)
      }}
    >
      <option value="">{`${adding}…`}</option>
      {others.map(({ path, label }) => (
        <option key={label} value={label}>
          {path.length > 1 ? path.at(-1) : label}
        </option>
      ))}
    </select>
  )
}

function RemovedVariant({ form, section: { owner, title } }: SectionProps) {
  return (
    <div class="line apart small">
      <p>{`${title} goes when you save.`}</p>
      <button class="button" type="button" onClick={() => form.forget(owner)}>
        {`Keep ${owner.at(-1)}`}
      </button>
    </div>
  )
}
