import type { GalleryCrop } from '../../data/gallery-data.ts'
import { captionOfCrop } from './look-tools.tsx'
import type { StagePicture } from './stage-pictures.ts'
import type { Viewport } from './viewport.ts'

interface PaneProps {
  readonly picture: StagePicture
  readonly alt: string
  readonly hasCaption: boolean
  readonly crop: GalleryCrop | undefined
}

/** As large as possible, in the proportions of the picture. */
export function Pane({ picture, alt, hasCaption, crop }: PaneProps) {
  return (
    <figure class="pane">
      <div class="view" style={ratioOf(picture)}>
        <Picture picture={picture} alt={alt} />
        {crop && <CropMark crop={crop} />}
      </div>
      {hasCaption && <figcaption class="small quiet clip">{picture.caption}</figcaption>}
    </figure>
  )
}

/** Darkens what a crop leaves out. */
function CropMark({ crop }: { readonly crop: GalleryCrop }) {
  const { left, top, width, height } = crop
  const percent = (value: number): string => `${value * 100}%`
  return (
    <div class="moved">
      <div
        class="crop"
        role="img"
        aria-label={captionOfCrop(crop)}
        style={{
          left: percent(left),
          top: percent(top),
          width: percent(width),
          height: percent(height),
        }}
      />
    </div>
  )
}

interface SliderPaneProps {
  readonly pictures: readonly StagePicture[]
  readonly alt: string
  readonly viewport: Viewport
}

/** Two pictures in the proportions of the first, with a line between them to drag. */
export function SliderPane({ pictures, alt, viewport }: SliderPaneProps) {
  const [first] = pictures
  if (!first) return null
  return (
    <figure class="pane">
      <div class="view" style={ratioOf(first)}>
        {pictures.map(picture => (
          <div key={picture.key} class="layer">
            <Picture picture={picture} alt={alt} />
          </div>
        ))}
        <div
          class="handle"
          aria-hidden="true"
          onPointerDown={event => {
            event.stopPropagation()
            event.currentTarget.setPointerCapture(event.pointerId)
          }}
          onPointerMove={event => moveDivider(event.currentTarget, event, viewport)}
        />
      </div>
      <figcaption class="small quiet line apart">
        {pictures.map(({ key, caption }) => (
          <span key={key}>{caption}</span>
        ))}
      </figcaption>
    </figure>
  )
}

function Picture({ picture, alt }: Pick<PaneProps, 'picture' | 'alt'>) {
  const { url, width, height, isStretched = false } = picture
  return (
    <img
      key={url}
      class="moved"
      style={isStretched ? { objectFit: 'fill' } : undefined}
      src={url}
      alt={alt}
      width={width}
      height={height}
      decoding="async"
      draggable={false}
    />
  )
}

function ratioOf({ width, height }: StagePicture) {
  return { '--ratio': String(width / height) }
}

/** The range below it does the same for the keyboard. */
function moveDivider(line: HTMLElement, event: PointerEvent, { splitAt }: Viewport): void {
  const view = line.parentElement?.getBoundingClientRect()
  if (!view || !line.hasPointerCapture(event.pointerId)) return
  splitAt(((event.clientX - view.left) / view.width) * 100)
}
