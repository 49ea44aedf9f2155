import type { GalleryPicture } from '../../data/gallery-data.ts'
import type { Viewport } from './viewport.ts'

interface PanePicture {
  readonly picture: GalleryPicture
  readonly caption: string
}

interface PaneProps extends PanePicture {
  readonly alt: string
  /** Needs no caption. */
  readonly isAlone: boolean
}

/** As large as possible, in the proportions of the picture. */
export function Pane({ picture, caption, alt, isAlone }: PaneProps) {
  return (
    <figure class="pane">
      <div class="view" style={ratioOf(picture)}>
        <Picture picture={picture} alt={alt} />
      </div>
      {!isAlone && <figcaption class="small quiet">{caption}</figcaption>}
    </figure>
  )
}

interface SliderPaneProps {
  readonly pictures: readonly PanePicture[]
  readonly alt: string
  readonly viewport: Viewport
}

/** Two pictures in the proportions of the first, with a line between them to drag. */
export function SliderPane({ pictures, alt, viewport }: SliderPaneProps) {
  const [first] = pictures
  if (!first) return null
  return (
    <figure class="pane">
      <div class="view" style={ratioOf(first.picture)}>
        {pictures.map(({ picture }) => (
          <div key={picture.digest} class="layer">
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
      <figcaption class="small quiet line apart" style={ratioOf(first.picture)}>
        {pictures.map(({ picture, caption }) => (
          <span key={picture.digest}>{caption}</span>
        ))}
      </figcaption>
    </figure>
  )
}

function Picture({ picture, alt }: Pick<PaneProps, 'picture' | 'alt'>) {
  const { url, width, height } = picture
  return (
    <img
      key={url}
      src={url}
      alt={alt}
      width={width}
      height={height}
      decoding="async"
      draggable={false}
    />
  )
}

function ratioOf({ width, height }: GalleryPicture) {
  return { '--ratio': String(width / height) }
}

/** The range below it does the same for the keyboard. */
function moveDivider(line: HTMLElement, event: PointerEvent, { splitAt }: Viewport): void {
  const view = line.parentElement?.getBoundingClientRect()
  if (!view || !line.hasPointerCapture(event.pointerId)) return
  splitAt(((event.clientX - view.left) / view.width) * 100)
}
