import type { GalleryStateName } from '../../data/gallery-data.ts'
import { element, icon } from '../dom.ts'
import { type GalleryFilter, STATE_LABELS, STATES } from '../gallery-state.ts'

/** Takes a change of whatever the filter is by then. */
export type OnFilter = (change: (filter: GalleryFilter) => GalleryFilter) => void

export interface StateChoice {
  readonly counts: readonly (readonly [GalleryStateName, number])[]
  readonly chosen: GalleryStateName | undefined
}

/** A toggle for every state that occurs, with how many images it would show. */
export function stateChoices({ counts, chosen }: StateChoice, onFilter: OnFilter): readonly Node[] {
  const byState = new Map(counts)
  const total = counts.reduce((sum, [, count]) => sum + count, 0)
  const choice = (name: GalleryStateName | undefined, count: number): HTMLElement =>
    element(
      'button',
      {
        class: `choice${name ? ` choice-${name}` : ''}`,
        type: 'button',
        'aria-pressed': String(chosen === name),
        'data-focus': name ?? 'all',
        click: () =>
          onFilter(({ state: _, ...rest }) =>
            name && name !== chosen ? { ...rest, state: name } : rest,
          ),
      },
      name && icon(name),
      name ? STATE_LABELS[name] : 'All',
      element('span', { class: 'count' }, count.toLocaleString('en')),
    )
  const shown = STATES.filter(name => (byState.get(name) ?? 0) > 0 || name === chosen)
  return [choice(undefined, total), ...shown.map(name => choice(name, byState.get(name) ?? 0))]
}

export function manifestChoices(
  manifests: readonly { readonly path: string; readonly count: number }[],
): readonly Node[] {
  return [
    element('option', { value: '' }, 'All manifests'),
    ...manifests.map(({ path, count }) => element('option', { value: path }, `${path} (${count})`)),
  ]
}
