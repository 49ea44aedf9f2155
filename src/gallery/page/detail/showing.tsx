import { useMemo } from 'preact/hooks'
import type { GalleryImage } from '../../data/gallery-data.ts'
import { StateFrame } from '../elements/state-frame.tsx'
import { useImageCrops } from '../look/image-crops.ts'
import { CropSelect, GroundSelect, PictureSelect } from '../look/look-tools.tsx'
import { ModeButtons } from '../look/mode-buttons.tsx'
import { type PictureChoice, type Staged, stageOf } from '../look/picture-choice.ts'
import { RevisionStrip } from '../look/revision-strip.tsx'
import { Stage } from '../look/stage.tsx'
import { createViewport } from '../look/viewport.ts'
import { ZoomControls } from '../look/zoom-controls.tsx'
import { formatSize } from '../state/format.ts'
import { useStore } from '../state/store-context.ts'
import { DropTarget, FileChoice } from '../take/drop-target.tsx'
import { FocalPointToggle, useFocalPoint } from './focal-point-toggle.tsx'
import { RevisionActions } from './revision-actions.tsx'

interface ShowingProps {
  readonly image: GalleryImage
  readonly choice: PictureChoice
}

/** The column of the pictures. */
export function Showing({ image, choice }: ShowingProps) {
  const viewport = useMemo(createViewport, [])
  const { compared, details } = useStore()
  const staged = stageOf({ image, details: details.value, other: compared.value }, choice)
  const { mode, chosen } = choice
  const crops = useImageCrops(image)
  const { crop, onPoint } = useFocalPoint(image.id, crops, choice)
  const isPair = staged.pictures.length > 1
  return (
    <DropTarget image={image}>
      <PictureTools choice={choice} staged={staged} />
      {staged.pictures.length > 0 ? (
        <>
          <Stage
            pictures={staged.pictures}
            mode={isPair ? mode.value : 'single'}
            alt={image.alt ?? image.id.name}
            viewport={viewport}
            crop={crop}
            onPoint={onPoint}
          />
          <div class="row">
            <ZoomControls viewport={viewport} hasDivider={isPair && mode.value === 'slider'} />
            <span class="row push">
              {crop && <FocalPointToggle choice={choice} />}
              <CropSelect crops={crops} choice={choice} />
              <GroundSelect />
            </span>
          </div>
        </>
      ) : (
        <div class="gap">
          <StateFrame image={image} words={formatSize(image.size)} />
        </div>
      )}
      <RevisionStrip
        image={image}
        chosen={choice.pictureOf(image)?.digest}
        onChoose={digest => {
          chosen.value = digest
        }}
      />
      <div class="row">
        <FileChoice image={image} />
        <RevisionActions image={image} picture={choice.pictureOf(image)} />
      </div>
    </DropTarget>
  )
}

interface PictureToolsProps {
  readonly choice: PictureChoice
  readonly staged: Staged
}

/** Which picture, and which one beside it; nothing where there is one at most. */
function PictureTools({ choice, staged: { groups, pictures } }: PictureToolsProps) {
  const { mode, chosen, left: leftKey } = choice
  const all = groups.flatMap(group => group.pictures)
  const [left, right] = pictures
  if (all.length < 2 || !left) return null
  return (
    <div class="row">
      <ModeButtons
        mode={mode.value}
        onMode={next => {
          mode.value = next
        }}
      />
      <span class="grow row">
        <PictureSelect
          label={right ? 'Left picture' : 'Picture'}
          groups={groups}
          value={left.key}
          onChoose={key => {
            if (right) leftKey.value = key
            else chosen.value = key
          }}
        />
        {right && (
          <PictureSelect
            label="Right picture"
            groups={groups}
            value={right.key}
            onChoose={key => {
              chosen.value = key
            }}
          />
        )}
      </span>
    </div>
  )
}
