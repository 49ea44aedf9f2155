import { element, icon } from '../elements/dom.ts'
import type { GalleryFilter } from '../state/gallery-state.ts'
import { capitalize, STATE_LABELS, type StateLabel } from '../state/state-words.ts'

/** Takes a change of the filter, which may itself have changed meanwhile. */
export type OnFilter = (change: (filter: GalleryFilter) => GalleryFilter) => void

export interface StateChoice {
  readonly counts: readonly (readonly [StateLabel, number])[]
  readonly chosen: StateLabel | undefined
}

/** A toggle for every label that occurs, with how many images it would show. */
export function stateChoices({ counts, chosen }: StateChoice, onFilter: OnFilter): readonly Node[] {
  const byLabel = new Map(counts)
  const total = counts.reduce((sum, [, count]) => sum + count, 0)
  const choice = (name: StateLabel | undefined, count: number): HTMLElement =>
    element(
      'button',
      {
        class: `choice${name ? ` choice-${name}` : ''}`,
        type: 'button',
        'aria-pressed': String(chosen === name),
        'data-focus': name ?? 'all',
        click: () =>
          onFilter(({ label: _, ...rest }) =>
            name && name !== chosen ? { ...rest, label: name } : rest,
          ),
      },
      name && icon(name),
      name ? capitalize(name) : 'All',
      element('span', { class: 'count' }, count.toLocaleString('en')),
    )
  const shown = STATE_LABELS.filter(name => (byLabel.get(name) ?? 0) > 0 || name === chosen)
  return [choice(undefined, total), ...shown.map(name => choice(name, byLabel.get(name) ?? 0))]
}

export function manifestChoices(
  manifests: readonly { readonly path: string; readonly count: number }[],
): readonly Node[] {
  return [
    element('option', { value: '' }, 'All manifests'),
    ...manifests.map(({ path, count }) => element('option', { value: path }, `${path} (${count})`)),
  ]
}
