import type { GalleryReference, GalleryVariant } from '../../data/gallery-data.ts'
import { Icon } from '../elements/icon.tsx'
import { keyOf } from '../state/gallery-state.ts'
import { formatRoute } from '../state/route.ts'
import { Block } from './block.tsx'

interface ReferencesProps {
  readonly references: readonly GalleryReference[]
  readonly title?: string
}

export function References({ references, title = 'References' }: ReferencesProps) {
  if (references.length === 0) return null
  return (
    <Block title={title}>
      <ul class="references">
        {references.map(reference => (
          <li key={reference.label}>
            <Reference {...reference} />
          </li>
        ))}
      </ul>
    </Block>
  )
}

interface VariantsProps {
  readonly variants: readonly GalleryVariant[] | undefined
}

/** What pages show instead, and when. */
export function Variants({ variants = [] }: VariantsProps) {
  const references = variants.map(({ name, media, image, thumbnailUrl }) => ({
    label: `${name}: ${media}`,
    ...(image && { image }),
    ...(thumbnailUrl !== undefined && { thumbnailUrl }),
  }))
  return <References references={references} title="Variants" />
}

function Reference({ label, image, thumbnailUrl }: GalleryReference) {
  const content = (
    <>
      {thumbnailUrl ? (
        <img loading="lazy" decoding="async" alt="" src={thumbnailUrl} />
      ) : (
        <span class="reference-gap">
          <Icon name="missing" />
        </span>
      )}
      <span dir="auto">{label}</span>
    </>
  )
  if (!image) {
    return (
      <span class="stack small" title={label}>
        {content}
      </span>
    )
  }
  return (
    <a class="stack small" href={formatRoute({ image: keyOf(image) })} title={label}>
      {content}
    </a>
  )
}
