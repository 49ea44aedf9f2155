import type { GalleryImage } from '../../data/gallery-data.ts'
import { LocationLink } from '../elements/location-link.tsx'
import { counted } from '../state/format.ts'
import { keyOf } from '../state/gallery-state.ts'
import type { GalleryStore } from '../state/gallery-store.ts'
import { useStore } from '../state/store-context.ts'
import { Card } from './card.tsx'
import { moveFocus } from './move-focus.ts'

/** The shown images in their order, under their manifests. */
export function Grid() {
  const store = useStore()
  const images = store.visible.value
  const isSorted = store.filter.value.sort !== undefined
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: its links take the keys
    <div class="grid" onKeyDown={event => handleKey(event.currentTarget, event, store)}>
      {isSorted ? (
        <Cards images={images} />
      ) : (
        groupByManifest(images).map(([manifest, group]) => (
          <Section key={manifest} manifest={manifest} images={group} />
        ))
      )}
    </div>
  )
}

interface SectionProps {
  readonly manifest: string
  readonly images: Group
}

function Section({ manifest, images }: SectionProps) {
  return (
    <section class="section" aria-label={manifest}>
      <div class="line">
        <h2 class="clip">
          <LocationLink location={images[0].location} text={manifest} />
        </h2>
        <span class="small quiet">{counted(images.length, 'image')}</span>
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

type Group = readonly [GalleryImage, ...GalleryImage[]]

function groupByManifest(images: readonly GalleryImage[]): readonly (readonly [string, Group])[] {
  const groups = new Map<string, [GalleryImage, ...GalleryImage[]]>()
  for (const image of images) {
    const group = groups.get(image.id.manifest)
    if (group) group.push(image)
    else groups.set(image.id.manifest, [image])
  }
  return [...groups]
}
