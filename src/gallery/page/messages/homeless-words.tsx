import { copyText } from '../elements/copy-text.ts'
import { keyOf } from '../state/gallery-state.ts'
import { useData, useStore } from '../state/store-context.ts'
import type { WordsForm } from '../state/words/words-form.ts'

/** What was typed for images that another program removed or renamed meanwhile. */
export function HomelessWords() {
  const { words } = useStore()
  const { images } = useData()
  const known = new Set(images.map(({ id }) => keyOf(id)))
  const homeless = words
    .all()
    .filter(({ image, typed }) => typed.value.size > 0 && !known.has(keyOf(image)))
  return (
    <>
      {homeless.map(form => (
        <HomelessForm key={keyOf(form.image)} form={form} />
      ))}
    </>
  )
}

function HomelessForm({ form: { image, typed } }: { readonly form: WordsForm }) {
  const { words, announcer } = useStore()
  const lines = [...typed.value.values()]
    .filter(({ text }) => text !== '')
    .map(({ path, text }) => `${path.join('.')}: ${text}`)
    .join('\n')
  return (
    <section
      class="faults box stack"
      data-tone="warn"
      aria-label={`Unsaved words of ${image.name}`}
    >
      <p>{`${image.manifest} does not have ${image.name} any more. What you typed for it was not saved:`}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long text scrolls */}
      <p class="words tall small" dir="auto" tabIndex={0}>
        {lines}
      </p>
      <div class="row">
        <button class="button" type="button" onClick={() => void copyText(lines, announcer)}>
          Copy these words
        </button>
        <button class="button" type="button" onClick={() => words.end(image)}>
          Discard them
        </button>
      </div>
    </section>
  )
}
