/** How the stage shows pictures. */
export type StageMode = 'single' | 'side-by-side' | 'slider'

const MODES = [
  ['single', 'One picture'],
  ['side-by-side', 'Side by side'],
  ['slider', 'Slider'],
] as const

interface ModeButtonsProps {
  readonly mode: StageMode
  onMode(mode: StageMode): void
}

export function ModeButtons({ mode, onMode }: ModeButtonsProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset would have to be styled away
    <div class="chips joined" role="group" aria-label="View">
      {MODES.map(([name, label]) => (
        <button
          key={name}
          class="chip"
          type="button"
          aria-pressed={mode === name}
          onClick={() => onMode(name)}
        >
          {label}
        </button>
      ))}
    </div>
  )
}
