import type { GalleryData, GalleryStateName } from '../gallery-data.ts'
import { createRegion, element, icon } from './dom.ts'
import { counted, formatAge } from './format.ts'
import { countChoices, type GalleryFilter, STATE_LABELS, STATES } from './gallery-state.ts'

export interface Header {
  readonly host: HTMLElement
  readonly search: HTMLInputElement
  show(data: GalleryData, filter: GalleryFilter): void
}

/** Title, budget, search and filters. */
export function createHeader(
  onFilter: (change: (filter: GalleryFilter) => GalleryFilter) => void,
): Header {
  const title = element('div', { class: 'title' })
  const states = element('div', { class: 'choices', role: 'group', 'aria-label': 'State' })
  const manifest = element('select', {
    class: 'select',
    'aria-label': 'Manifest',
    change: () => onFilter(filter => withManifest(filter, manifest.value)),
  })
  const search = element('input', {
    class: 'search-field',
    type: 'search',
    placeholder: 'Search names, prompts, manifests',
    'aria-label': 'Search names, prompts and manifests',
    'aria-keyshortcuts': '/',
    autocomplete: 'off',
    spellcheck: 'false',
    input: () =>
      onFilter(({ text: _, ...rest }) => (search.value ? { ...rest, text: search.value } : rest)),
  })
  const host = element(
    'header',
    { class: 'header' },
    title,
    element(
      'div',
      { class: 'tools', role: 'search', 'aria-label': 'Find images' },
      element(
        'div',
        { class: 'search' },
        icon('search'),
        search,
        element('kbd', { 'aria-hidden': 'true' }, '/'),
      ),
      element('div', { class: 'select-box' }, manifest),
      states,
    ),
  )
  const drawTitle = createRegion(title, titleOf)
  const drawStates = createRegion(states, (choice: StateChoice) => stateChoices(choice, onFilter))
  const drawManifests = createRegion(manifest, manifestChoices)
  return {
    host,
    search,
    show(data, filter) {
      const { states: byState, manifests: byManifest } = countChoices(data.images, filter)
      const { project, mode, budget, actions, createdAt } = data
      drawTitle({
        project,
        mode,
        budget,
        live: actions !== undefined,
        createdAt,
        images: data.images.length,
      })
      drawStates({ counts: [...byState], chosen: filter.state })
      drawManifests([...byManifest].map(([path, count]) => ({ path, count })))
      manifest.value = filter.manifest ?? ''
      if (search.value !== (filter.text ?? '')) search.value = filter.text ?? ''
    },
  }
}

function withManifest({ manifest: _, ...rest }: GalleryFilter, chosen: string): GalleryFilter {
  return chosen ? { ...rest, manifest: chosen } : rest
}

interface TitleFacts extends Pick<GalleryData, 'project' | 'mode' | 'createdAt'> {
  readonly budget: GalleryData['budget']
  readonly live: boolean
  readonly images: number
}

function titleOf({ project, mode, budget, live, createdAt, images }: TitleFacts): readonly Node[] {
  const facts = [counted(images, 'image')]
  if (mode !== 'generate') facts.push(`${mode} mode`)
  if (!live) facts.push(`exported ${formatAge(Date.parse(createdAt), Date.now())}`)
  const heading = element(
    'div',
    { class: 'title-words' },
    element('h1', {}, project),
    element('p', { class: 'title-facts' }, facts.join(' · ')),
  )
  return budget ? [heading, budgetMeter(budget)] : [heading]
}

function budgetMeter({ spent, limit }: { spent: number; limit: number }): HTMLElement {
  const text = `${spent} of ${limit} bought`
  const bar = element('meter', {
    min: 0,
    max: Math.max(limit, 1),
    value: spent,
    'aria-label': `Budget of this session: ${text}`,
  })
  return element(
    'div',
    { class: 'budget', title: 'Pictures bought since the server started, and how many it may buy' },
    element('span', { class: 'budget-words' }, text),
    bar,
  )
}

interface StateChoice {
  readonly counts: readonly (readonly [GalleryStateName, number])[]
  readonly chosen: GalleryStateName | undefined
}

function stateChoices(
  { counts, chosen }: StateChoice,
  onFilter: (change: (filter: GalleryFilter) => GalleryFilter) => void,
): readonly Node[] {
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

function manifestChoices(
  manifests: readonly { readonly path: string; readonly count: number }[],
): readonly Node[] {
  return [
    element('option', { value: '' }, 'All manifests'),
    ...manifests.map(({ path, count }) => element('option', { value: path }, `${path} (${count})`)),
  ]
}
