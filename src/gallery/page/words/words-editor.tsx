import { useEffect } from 'preact/hooks'
import type { GalleryWordsSave } from '../../data/gallery-exchanges.ts'
import { Icon } from '../elements/icon.tsx'
import { useStore } from '../state/store-context.ts'
import type { WordsForm } from '../state/words/words-form.ts'
import { FieldRow } from './field-row.tsx'
import { OutputFields } from './output-fields.tsx'
import { SaveButtons } from './save-buttons.tsx'
import { WordsDiff } from './words-diff.tsx'

interface WordsEditorProps {
  readonly form: WordsForm
}

/** The words of an image as a form. What it would write stands below the fields. */
export function WordsEditor({ form }: WordsEditorProps) {
  const { words, announcer } = useStore()
  const save = async (pictures: GalleryWordsSave['pictures']): Promise<void> => {
    const written = await form.save(pictures)
    if (!written) return
    words.end(form.image)
    if (written.problem === undefined) announcer.notify('Saved.', 'done')
    else announcer.notify(written.problem, 'failed')
  }
  return (
    <section class="stack" aria-label="Edit words">
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
  const { shared = [], fields = {} } = form.words.value ?? {}
  const isSource = fields.source !== undefined
  useEffect(takeFocus, [])
  return (
    <>
      {shared.length > 1 && (
        <p class="small quiet">{`${shared.length} images share these words.`}</p>
      )}
      {!isSource && (
        <>
          <FieldRow form={form} path={['prompt']} label="Prompt" isLong />
          <FieldRow form={form} path={['style']} label="Style" isLong />
          <FieldRow form={form} path={['size']} label="Size" />
        </>
      )}
      <FieldRow form={form} path={['alt']} label="Alt text" />
      <OutputFields form={form} />
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

/** Announced: it changes while somebody types. */
function Outcome({ form, onSave }: OutcomeProps) {
  const check = form.check.value
  const others = check?.faults.filter(({ path }) => path === undefined) ?? []
  return (
    <div class="stack" aria-live="polite" aria-busy={form.isChanged() && !check}>
      {form.isChanged() && !check && !form.problem.value && <p class="small quiet">Checking …</p>}
      {others.map(({ message, line }) => (
        <p key={message} class="small fault">
          {`Line ${line}: ${message}`}
        </p>
      ))}
      {check && check.diff.length > 0 && (
        <WordsDiff manifest={form.image.manifest} lines={check.diff} />
      )}
      {check && <SaveButtons form={form} check={check} onSave={onSave} />}
    </div>
  )
}
