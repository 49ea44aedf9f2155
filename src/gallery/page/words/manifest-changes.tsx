import { imageKey } from '../../../manifest/image-id.ts'
import type { GalleryChange, GalleryImage } from '../../data/gallery-data.ts'
import { AgeClock } from '../elements/clocks.tsx'
import { useFocusSuccessor } from '../elements/use-focus-successor.ts'
import { sentenceOf } from '../state/format.ts'
import type { GalleryStore } from '../state/gallery-store.ts'
import { useData, useStore } from '../state/store-context.ts'

/** What the page wrote about an image, each with its undo; nothing where there is nothing. */
export function ImageChanges({ image }: { readonly image: GalleryImage }) {
  const { changes = [] } = useData()
  const key = imageKey(image.id)
  const own = changes.filter(change => imageKey(change.image) === key)
  if (own.length === 0) return null
  return (
    <section class="stack" aria-label="Changes from this page">
      {own.map(change => (
        <ManifestChange key={change.id} change={change} />
      ))}
    </section>
  )
}

interface ManifestChangeProps {
  readonly change: GalleryChange
  /** Says which image it is, too. */
  readonly isNamed?: boolean
}

export function ManifestChange({ change, isNamed = false }: ManifestChangeProps) {
  const store = useStore()
  const { label, at, refusal, image } = change
  const ref = useFocusSuccessor<HTMLDivElement>(
    '[data-focus="undo"]',
    '[data-focus="edit"]',
    'search input',
  )
  return (
    <div class="box stack small" ref={ref}>
      <div class="line apart">
        <span>
          {`Changed ${label}${isNamed ? ` of ${image.name}` : ''} `}
          <AgeClock time={at} />
        </span>
        <button
          class="button"
          type="button"
          data-focus="undo"
          aria-label={`Undo the change of ${label} of ${image.name}`}
          aria-disabled={refusal === undefined ? undefined : 'true'}
          onClick={() => refusal === undefined && void undo(change, store)}
        >
          Undo
        </button>
      </div>
      {refusal !== undefined && <p class="quiet">{refusal}</p>}
    </div>
  )
}

async function undo(
  { id, label }: GalleryChange,
  { studio, announcer }: GalleryStore,
): Promise<void> {
  try {
    await studio.undo(id)
    announcer.notify(`Undid the change of ${label}.`, 'done')
  } catch (error) {
    announcer.notify(sentenceOf(error), 'failed')
  }
}
