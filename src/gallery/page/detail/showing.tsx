import { useMemo } from 'preact/hooks'
import type { GalleryImage } from '../../data/gallery-data.ts'
import { StateFrame } from '../elements/state-frame.tsx'
import { ModeButtons } from '../look/mode-buttons.tsx'
import { RevisionStrip } from '../look/revision-strip.tsx'
import { captionOf, picturesOf } from '../look/revisions.ts'
import { Stage } from '../look/stage.tsx'
import { createViewport } from '../look/viewport.ts'
import { formatSize } from '../state/format.ts'
import type { PictureSelection } from './picture-selection.ts'
import { RevisionActions } from './revision-actions.tsx'

interface ShowingProps {
  readonly image: GalleryImage
  readonly selection: PictureSelection
}

/** The column of the pictures. */
export function Showing({ image, selection }: ShowingProps) {
  const viewport = useMemo(createViewport, [])
  const { chosen, mode, pictureOf, shownOf } = selection
  const picture = pictureOf(image)
  const pictures = shownOf(image)
  const isAlone = picturesOf(image).length < 2
  return (
    <div class="showing">
      {!isAlone && (
        <ModeButtons
          mode={mode.value}
          onMode={next => {
            mode.value = next
          }}
        />
      )}
      {picture ? (
        <Stage
          pictures={pictures.map(each => ({ picture: each, caption: captionOf(each, image) }))}
          mode={isAlone ? 'single' : mode.value}
          alt={image.alt ?? image.id.name}
          viewport={viewport}
        />
      ) : (
        <div class="gap">
          <StateFrame image={image} words={formatSize(image.size)} />
        </div>
      )}
      <RevisionStrip
        image={image}
        chosen={picture?.digest}
        onChoose={digest => {
          chosen.value = digest
        }}
      />
      <RevisionActions image={image} picture={picture} />
    </div>
  )
}
