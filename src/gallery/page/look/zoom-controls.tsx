import { useRef } from 'preact/hooks'
import { useRealScale } from './real-scale.ts'
import { MOST_ZOOM, realZoom, type Viewport } from './viewport.ts'

interface ZoomControlsProps {
  readonly viewport: Viewport
  readonly hasDivider: boolean
}

export function ZoomControls({ viewport, hasDivider }: ZoomControlsProps) {
  const { zoom, split, zoomTo, splitAt } = viewport
  const label = useRef<HTMLLabelElement>(null)
  const scale = useRealScale(viewport, label)
  return (
    <>
      <label class="line small quiet numbers" ref={label}>
        Zoom
        <input
          class="range"
          type="range"
          min={0.25}
          max={MOST_ZOOM}
          step={0.25}
          value={zoom.value}
          aria-label="Zoom"
          onInput={({ currentTarget: { value } }) => zoomTo(Number(value))}
        />
        <span title="Of its own pixels">{scale.value !== undefined && `${scale.value} %`}</span>
      </label>
      <span class="chips">
        <button class="chip" type="button" onClick={() => zoomTo(1)}>
          Fit
        </button>
        <button
          class="chip"
          type="button"
          title="One pixel of the picture is one of the page"
          onClick={event => zoomTo(realZoom(event.currentTarget.closest('.showing')))}
        >
          100 %
        </button>
      </span>
      {hasDivider && (
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
    </>
  )
}
