import { element } from '../elements/dom.ts'
import type { StageMode } from './stage.ts'

/** How the stage shows pictures; nothing for fewer than two. */
export function modeButtons(
  { mode, pictures }: { readonly mode: StageMode; readonly pictures: number },
  onMode: (mode: StageMode) => void,
): readonly Node[] {
  if (pictures < 2) return []
  const button = (name: StageMode, label: string): HTMLElement =>
    element(
      'button',
      {
        class: 'segment',
        type: 'button',
        'aria-pressed': String(mode === name),
        'data-focus': name,
        click: () => onMode(name),
      },
      label,
    )
  return [
    element(
      'div',
      { class: 'segments', role: 'group', 'aria-label': 'View' },
      button('single', 'One picture'),
      button('side-by-side', 'Side by side'),
      button('slider', 'Slider'),
    ),
  ]
}
