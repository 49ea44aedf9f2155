import { useSignal } from '@preact/signals'
import type { GalleryImage } from '../../data/gallery-data.ts'
import type { GalleryHistory, GalleryVersion } from '../../data/gallery-exchanges.ts'
import { AgeClock } from '../elements/clocks.tsx'
import { sentenceOf } from '../state/format.ts'
import { useStore } from '../state/store-context.ts'
import { formatField } from '../state/words/field-text.ts'

/** Those that an earlier version can give back. */
const RESTORED = ['prompt', 'style', 'size', 'alt'] as const

/** An image's words in the repository. They are read when somebody opens the list. */
export function WordsHistory({ image }: { readonly image: GalleryImage }) {
  const { studio } = useStore()
  const history = useSignal<GalleryHistory | string | undefined>(undefined)
  const read = async (): Promise<void> => {
    history.value = await studio.history(image.id).catch(sentenceOf)
  }
  const shown = history.value
  return (
    <details onToggle={event => event.currentTarget.open && void read()}>
      <summary class="small quiet">History of these words</summary>
      {typeof shown === 'string' && <p class="small">{shown}</p>}
      {typeof shown === 'object' && <Versions history={shown} image={image} />}
    </details>
  )
}

interface VersionsProps {
  readonly history: GalleryHistory
  readonly image: GalleryImage
}

function Versions({ history: { versions, isCut }, image }: VersionsProps) {
  if (versions.length === 0) {
    return <p class="small quiet">No commit of the repository has this image.</p>
  }
  return (
    <ol class="versions stack">
      {versions.map(version => (
        <Version key={version.commit} version={version} image={image} />
      ))}
      {isCut && <li class="small quiet">Older versions are not shown.</li>}
    </ol>
  )
}

function Version({
  version: { commit, author, at, subject, fields },
  image,
}: {
  readonly version: GalleryVersion
  readonly image: GalleryImage
}) {
  const { words } = useStore()
  const restore = (): void => {
    const form = words.start(image.id)
    for (const name of RESTORED) form.change([name], formatField(fields?.[name]))
  }
  return (
    <li class="box stack small">
      <p class="words strong" dir="auto">
        {fields ? formatField(fields.prompt ?? fields.source) : 'The image was removed.'}
      </p>
      <div class="line apart">
        <span class="quiet">
          {`${subject} · ${author} · ${commit} · `}
          <AgeClock time={at} />
        </span>
        {fields && (
          <button class="button" type="button" onClick={restore}>
            Edit from these words
          </button>
        )}
      </div>
    </li>
  )
}
