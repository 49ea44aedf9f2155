import { useEffect } from 'preact/hooks'
import type { GalleryWordsSave } from '../../data/gallery-exchanges.ts'
import { Icon } from '../elements/icon.tsx'
import { useFocusSuccessor } from '../elements/use-focus-successor.ts'
import { useStore } from '../state/store-context.ts'
import { otherFaults, planSections } from '../state/words/form-sections.ts'
import type { WordsForm } from '../state/words/words-form.ts'
import { AddVariant } from './add-variant.tsx'
import { FieldFaults } from './field-faults.tsx'
import { Section } from './form-section.tsx'
import { describeOutcome, SaveButtons } from './save-buttons.tsx'
import { WordsDiff } from './words-diff.tsx'

interface WordsEditorProps {
  readonly form: WordsForm
}

/** The words of an image as a form. What it would write stands below the fields. */
export function WordsEditor({ form }: WordsEditorProps) {
  const { words, announcer } = useStore()
  const ref = useFocusSuccessor<HTMLElement>('[data-focus="edit"]')
  useEffect(() => {
    // Its image may have come back since.
    if (form.problem.peek() !== undefined && !form.words.peek()) void form.read()
  }, [form])
  const save = async (pictures: GalleryWordsSave['pictures']): Promise<void> => {
    const written = await form.save(pictures)
    if (!written) return
    words.end(form.image)
    if (written.problem === undefined) announcer.notify('Saved.', 'done')
    else announcer.notify(written.problem, 'failed')
  }
  return (
    <section class="stack" aria-label="Edit words" ref={ref}>
      <Problem form={form} />
      {form.words.value && <Fields form={form} />}
      {form.words.value && <Outcome form={form} onSave={pictures => void save(pictures)} />}
      <div class="row">
        <button class="button" type="button" onClick={() => words.end(form.image)}>
          {form.isChanged() ? 'Discard changes' : 'Close editor'}
        </button>
      </div>
    </section>
  )
}

/** What went wrong, in the server's words. */
function Problem({ form }: WordsEditorProps) {
  const problem = form.problem.value ?? form.words.value?.refusal
  if (problem === undefined) return null
  return (
    <div class="box stack" data-tone="bad" role="alert">
      <p class="line">
        <Icon name="failed" />
        {problem}
      </p>
      {form.problem.value !== undefined && (
        <div>
          <button class="button" type="button" onClick={() => void form.read()}>
            Read the manifest again
          </button>
        </div>
      )}
    </div>
  )
}

function Fields({ form }: WordsEditorProps) {
  const { shared = [] } = form.words.value ?? {}
  useEffect(takeFocus, [])
  return (
    <>
      {shared.length > 1 && (
        <p class="small quiet">{`${shared.length} images share these words.`}</p>
      )}
      {planSections(form).map(section => (
        <Section key={section.title} form={form} section={section} />
      ))}
      <AddVariant form={form} />
    </>
  )
}

/** Unless somebody is busy with another control meanwhile. */
function takeFocus(): void {
  const { activeElement, body } = document
  if (activeElement !== body && !activeElement?.matches('[autofocus]')) return
  const field = document.querySelector<HTMLElement>('.form-row .field')
  field?.focus()
}

interface OutcomeProps extends WordsEditorProps {
  onSave(pictures: GalleryWordsSave['pictures']): void
}

/** What saving would do. One sentence of it is announced: the rest is there to read. */
function Outcome({ form, onSave }: OutcomeProps) {
  const check = form.check.value
  const isChecking = form.isChanged() && !check && !form.problem.value
  return (
    <div class="stack" aria-busy={isChecking}>
      {isChecking && <p class="small quiet">Checking …</p>}
      <FieldFaults
        id="other-faults"
        faults={otherFaults(check?.faults ?? [], planSections(form))}
        areLinesNamed
      />
      {check && check.diff.length > 0 && (
        <WordsDiff manifest={form.image.manifest} lines={check.diff} />
      )}
      <p class="small" role="status">
        {check && describeOutcome(check)}
      </p>
      {check && <SaveButtons form={form} check={check} onSave={onSave} />}
    </div>
  )
}
