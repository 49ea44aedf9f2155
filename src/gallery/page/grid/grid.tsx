import type { GalleryImage, GalleryLocation } from '../../data/gallery-data.ts'
import { LocationLink } from '../elements/location-link.tsx'
import { counted } from '../state/format.ts'
import { keyOf } from '../state/gallery-state.ts'
import type { GalleryStore } from '../state/gallery-store.ts'
import { useStore } from '../state/store-context.ts'
import { Card } from './card.tsx'
import { useGrowing } from './growing-list.ts'
import { moveFocus } from './move-focus.ts'
import { NearScreenContext, useNearScreenObserver } from './near-screen.ts'

/** The shown images in their order, under their manifests. */
export function Grid() {
  const store = useStore()
  const images = store.visible.value
  const drawn = useGrowing(images.length)
  const near = useNearScreenObserver()
  const isSorted = store.filter.value.sort !== undefined
  return (
    <NearScreenContext.Provider value={near}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: its links take the keys */}
      <div class="grid" onKeyDown={event => handleKey(event.currentTarget, event, store)}>
        {isSorted ? (
          <Cards images={images.slice(0, drawn.value)} />
        ) : (
          groupByManifest(images, drawn.value).map(section => (
            <Section key={section.manifest} {...section} />
          ))
        )}
      </div>
    </NearScreenContext.Provider>
  )
}

interface SectionProps {
  readonly manifest: string
  readonly location: GalleryLocation
  readonly count: number
  /** Those that are drawn. */
  readonly images: readonly GalleryImage[]
}

function Section({ manifest, location, count, images }: SectionProps) {
  return (
    <section class="section" aria-label={manifest}>
      <div class="row">
        <h2>
          <LocationLink location={location} text={manifest} />
        </h2>
        <span class="small quiet">{counted(count, 'image')}</span>
      </div>
      <Cards images={images} />
    </section>
  )
}

function Cards({ images }: { readonly images: readonly GalleryImage[] }) {
  return (
    <ul class="cards">
      {images.map(image => (
        <Card key={keyOf(image.id)} image={image} />
      ))}
    </ul>
  )
}

/** `x` selects the image with the focus, Escape leaves all out. */
function handleKey(host: HTMLElement, event: KeyboardEvent, { selection }: GalleryStore): void {
  const card = event.target instanceof HTMLElement ? event.target.dataset.key : undefined
  if (event.key === 'Escape') selection.clear()
  else if (event.key.toLowerCase() === 'x' && card !== undefined) {
    selection.toggle(card, event.shiftKey)
  } else moveFocus(host, event)
}

/** @param most how many images are drawn, of all sections together */
function groupByManifest(images: readonly GalleryImage[], most: number): readonly SectionProps[] {
  const groups = new Map<string, GalleryImage[]>()
  for (const image of images) {
    const group = groups.get(image.id.manifest)
    if (group) group.push(image)
    else groups.set(image.id.manifest, [image])
  }
  let left = most
  return [...groups].flatMap(([manifest, group]) => {
    const [first] = group
    const drawn = group.slice(0, Math.max(0, left))
    left -= group.length
    if (!first || drawn.length === 0) return []
    return [{ manifest, location: first.location, count: group.length, images: drawn }]
  })
}
