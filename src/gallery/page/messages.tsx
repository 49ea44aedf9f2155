import type { GalleryFault } from '../data/gallery-data.ts'
import { Icon } from './elements/icon.tsx'
import { LocationLink } from './elements/location-link.tsx'
import { useData, useStore } from './state/store-context.ts'

const EXAMPLE = `# hero.image.yaml
prompt: A lighthouse on a cliff, seen from the sea
size: 1536x1024`

/** What the page says above the images, or instead of them. */
export function Messages() {
  const { visible } = useStore()
  const { faults, images, review } = useData()
  return (
    <>
      {faults.map(fault => (
        <Fault
          key={`${fault.location.path}:${fault.location.line} ${fault.message}`}
          fault={fault}
        />
      ))}
      {images.length === 0 ? !review && <NoImages /> : visible.value.length === 0 && <NoMatch />}
    </>
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

/** A manifest that could not be read. */
function Fault({ fault: { location, message } }: { readonly fault: GalleryFault }) {
  const { path, line, column } = location
  return (
    <section class="line box words" data-tone="bad" aria-label={`Fault in ${path}`}>
      <Icon name="corrupt" />
      <div>
        <LocationLink location={location} text={`${path}:${line}:${column}`} />
        <p>{message}</p>
      </div>
    </section>
  )
}
