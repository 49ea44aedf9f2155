import { useEffect, useRef } from 'preact/hooks'
import type { GalleryCrop } from '../../data/gallery-data.ts'
import { GROUNDS } from '../state/look-settings.ts'
import { useStore } from '../state/store-context.ts'
import type { StageMode } from './mode-buttons.tsx'
import { Pane, SliderPane } from './panes.tsx'
import type { StagePicture } from './stage-pictures.ts'
import { controlByDrag, controlByKey, controlByWheel, type Viewport } from './viewport.ts'

interface StageProps {
  /** One, or two to compare. */
  readonly pictures: readonly StagePicture[]
  readonly mode: StageMode
  readonly alt: string
  readonly viewport: Viewport
  /** The part that is marked. */
  readonly crop: GalleryCrop | undefined
  /** Set while somebody chooses a point of the picture, as fractions of its width and height. */
  readonly onPoint?: ((x: number, y: number) => void) | undefined
}

/** One picture, or two to compare. They share zoom and position, so that both show the same spot. */
export function Stage({ pictures, mode, alt, viewport, crop, onPoint }: StageProps) {
  const { zoom, style } = viewport
  const { ground, pageColor } = useStore().look
  return (
    // biome-ignore lint/a11y/useSemanticElements: keys control what it shows
    <div
      ref={useWheel(viewport)}
      class={zoom.value === 1 ? 'views' : 'views zoomed'}
      data-mode={mode}
      data-aim={onPoint !== undefined}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys control what it shows
      tabIndex={0}
      role="group"
      aria-label="Picture: plus and minus zoom, 1 shows its real size, 0 all of it, arrow keys move"
      style={{
        ...style(),
        '--page': pageColor.value,
        '--under': GROUNDS[ground.value].background,
      }}
      onKeyDown={event => {
        if (event.ctrlKey || event.metaKey || !controlByKey(event, viewport)) return
        event.preventDefault()
        event.stopPropagation()
      }}
      onPointerDown={event => !onPoint && controlByDrag(event, viewport)}
      onClick={event => onPoint && choosePoint(event, onPoint)}
      onDblClick={() => !onPoint && viewport.zoomTo(zoom.value > 1 ? 1 : 3)}
    >
      {mode === 'slider' && pictures.length > 1 ? (
        <SliderPane pictures={pictures} alt={alt} viewport={viewport} />
      ) : (
        pictures.map(each => (
          <Pane
            key={each.key}
            picture={each}
            alt={alt}
            hasCaption={pictures.length > 1}
            crop={crop}
          />
        ))
      )}
    </div>
  )
}

function choosePoint(event: MouseEvent, onPoint: (x: number, y: number) => void): void {
  const view = event.target instanceof Element ? event.target.closest('.view') : null
  const box = view?.querySelector('img')?.getBoundingClientRect()
  if (!box) return
  onPoint((event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height)
}

/** Passive listeners, which attributes make, cannot keep the page from scrolling. */
function useWheel(viewport: Viewport) {
  const ref = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const host = ref.current
    const control = (event: WheelEvent): void => controlByWheel(event, viewport)
    host?.addEventListener('wheel', control, { passive: false })
    return () => host?.removeEventListener('wheel', control)
  }, [viewport])
  return ref
}
