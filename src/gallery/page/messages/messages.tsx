import { Icon } from '../elements/icon.tsx'
import { PossibleWaste } from '../money/spending.tsx'
import { useData, useStore } from '../state/store-context.ts'
import { HomelessWords } from './homeless-words.tsx'
import { ManifestFaults } from './manifest-faults.tsx'

const EXAMPLE = `# hero.image.yaml
prompt: A lighthouse on a cliff, seen from the sea
size: 1536x1024`

/** What the page says above the images, or instead of them. */
export function Messages() {
  const { visible } = useStore()
  const { actions, changesProblem, faults, images, review } = useData()
  return (
    <>
      <Warning label="Nothing is generated" sentence={actions?.refusal} />
      <Warning label="Some changes cannot be undone" sentence={changesProblem} />
      <HomelessWords />
      <PossibleWaste />
      <ManifestFaults faults={faults} />
      {images.length === 0 ? !review && <NoImages /> : visible.value.length === 0 && <NoMatch />}
    </>
  )
}

interface WarningProps {
  readonly label: string
  /** Undefined or empty: nothing is wrong. */
  readonly sentence: string | undefined
}

/** What does not work now, and what to do about it. */
function Warning({ label, sentence }: WarningProps) {
  if (!sentence) return null
  return (
    <section class="faults line box" data-tone="warn" aria-label={label}>
      <Icon name="uncertain" />
      <p>{sentence}</p>
    </section>
  )
}

/** There is no image at all. */
function NoImages() {
  return (
    <section class="message stack">
      <Icon name="image" />
      <h2 class="title">No images yet</h2>
      <p class="quiet">Write a manifest anywhere in the project, and its images show up here.</p>
      <pre class="box">
        <code>{EXAMPLE}</code>
      </pre>
    </section>
  )
}

function NoMatch() {
  const { go } = useStore()
  return (
    <section class="message stack">
      <Icon name="search" />
      <h2 class="title">Nothing matches</h2>
      <p class="quiet">No image fits this search and these filters.</p>
      <button class="button" type="button" onClick={() => go({})}>
        Show all images
      </button>
    </section>
  )
}

/** The data could not be had. */
export function LoadingProblem({ why }: { readonly why: string }) {
  const { load } = useStore()
  return (
    <section class="message stack" role="alert">
      <Icon name="failed" />
      <h2 class="title">The gallery could not be loaded</h2>
      <p class="quiet">{why}</p>
      <button class="button" type="button" onClick={() => void load()}>
        Try again
      </button>
    </section>
  )
}
