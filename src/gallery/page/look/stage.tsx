import { useEffect, useRef } from 'preact/hooks'
import type { GalleryPicture } from '../../data/gallery-data.ts'
import type { StageMode } from './mode-buttons.tsx'
import { Pane, SliderPane } from './panes.tsx'
import {
  controlByDrag,
  controlByKey,
  controlByWheel,
  MOST_ZOOM,
  type Viewport,
} from './viewport.ts'

export interface StagePicture {
  readonly picture: GalleryPicture
  readonly caption: string
}

interface StageProps {
  /** One, or two to compare. */
  readonly pictures: readonly StagePicture[]
  readonly mode: StageMode
  readonly alt: string
  readonly viewport: Viewport
}

/** One picture, or two to compare. They share zoom and position, so that both show the same spot. */
export function Stage({ pictures, mode, alt, viewport }: StageProps) {
  const { zoom, style } = viewport
  return (
    <div class="stage">
      {/* biome-ignore lint/a11y/useSemanticElements: keys control what it shows */}
      <div
        ref={useWheel(viewport)}
        class={zoom.value > 1 ? 'views zoomed' : 'views'}
        data-mode={mode}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: keys control what it shows
        tabIndex={0}
        role="group"
        aria-label="Picture: plus and minus zoom, arrow keys move"
        style={style()}
        onKeyDown={event => {
          if (event.ctrlKey || event.metaKey || !controlByKey(event.key, viewport)) return
          event.preventDefault()
          event.stopPropagation()
        }}
        onPointerDown={event => controlByDrag(event, viewport)}
        onDblClick={() => viewport.zoomTo(zoom.value > 1 ? 1 : 3)}
      >
        {mode === 'slider' ? (
          <SliderPane pictures={pictures} alt={alt} viewport={viewport} />
        ) : (
          pictures.map(each => (
            <Pane key={each.picture.digest} {...each} alt={alt} isAlone={pictures.length === 1} />
          ))
        )}
      </div>
      <Controls viewport={viewport} mode={mode} />
    </div>
  )
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

function Controls({ viewport, mode }: Pick<StageProps, 'viewport' | 'mode'>) {
  const { zoom, split, zoomTo, splitAt } = viewport
  return (
    <div class="row">
      <label class="line small quiet">
        Zoom
        <input
          class="range"
          type="range"
          min={1}
          max={MOST_ZOOM}
          step={0.25}
          value={zoom.value}
          aria-label="Zoom"
          onInput={({ currentTarget: { value } }) => zoomTo(Number(value))}
        />
      </label>
      {mode === 'slider' && (
        <label class="line small quiet">
          Divider
          <input
            class="range"
            type="range"
            min={0}
            max={100}
            value={split.value}
            aria-label="Divider between the two pictures, in percent"
            onInput={({ currentTarget: { value } }) => splitAt(Number(value))}
          />
        </label>
      )}
    </div>
  )
}
