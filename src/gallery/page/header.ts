import { formatAmount } from '../../text/format-amount.ts'
import type { GalleryBudget, GalleryData } from '../data/gallery-data.ts'
import { offerButton } from './actions/offer-button.ts'
import type { Offer } from './actions/offers.ts'
import { createRegion, element, icon } from './elements/dom.ts'
import { manifestChoices, type OnFilter, type StateChoice, stateChoices } from './grid/filters.ts'
import { counted, formatAge } from './state/format.ts'
import { countChoices, type GalleryFilter } from './state/gallery-state.ts'

export interface Header {
  readonly host: HTMLElement
  readonly search: HTMLInputElement
  /** @param bulk what can be done about all shown images */
  show(data: GalleryData, filter: GalleryFilter, bulk: Offer | undefined): void
}

export interface HeaderHandlers {
  readonly filter: OnFilter
  offer(offer: Offer): void
}

/** Title, budget, search and filters. */
export function createHeader({ filter: onFilter, offer: onOffer }: HeaderHandlers): Header {
  const words = element('div', { class: 'title-words' })
  const side = element('div', { class: 'title-side' })
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
    element('div', { class: 'title' }, words, side),
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
  const drawWords = createRegion(words, titleOf)
  const drawSide = createRegion(side, ({ budget, bulk }: SideFacts) => [
    bulk && offerButton(bulk, onOffer, false),
    budget && budgetMeter(budget),
    budget?.spend && spendMeter(budget.spend),
  ])
  const drawStates = createRegion(states, (choice: StateChoice) => stateChoices(choice, onFilter))
  const drawManifests = createRegion(manifest, manifestChoices)
  return {
    host,
    search,
    show(data, filter, bulk) {
      const { labels, manifests } = countChoices(data.images, filter)
      const { project, mode, budget, cost, actions, createdAt } = data
      drawWords({
        project,
        mode,
        createdAt,
        live: actions !== undefined,
        images: data.images.length,
        cost,
      })
      drawSide({ budget, bulk })
      drawStates({ counts: [...labels], chosen: filter.label })
      drawManifests([...manifests].map(([path, count]) => ({ path, count })))
      manifest.value = filter.manifest ?? ''
      if (search.value !== (filter.text ?? '')) search.value = filter.text ?? ''
    },
  }
}

function withManifest({ manifest: _, ...rest }: GalleryFilter, chosen: string): GalleryFilter {
  return chosen ? { ...rest, manifest: chosen } : rest
}

interface TitleFacts extends Pick<GalleryData, 'project' | 'mode' | 'createdAt'> {
  readonly live: boolean
  readonly images: number
  readonly cost: GalleryData['cost']
}

interface SideFacts {
  readonly budget: GalleryData['budget']
  readonly bulk: Offer | undefined
}

function titleOf({ project, mode, live, createdAt, images, cost }: TitleFacts): readonly Node[] {
  const facts = [counted(images, 'image')]
  if (cost) facts.push(`spent ${formatAmount(cost.spent, cost.currency)}`)
  if (mode !== 'generate') facts.push(`${mode} mode`)
  if (!live) facts.push(`exported ${formatAge(Date.parse(createdAt), Date.now())}`)
  return [element('h1', {}, project), element('p', { class: 'title-facts' }, facts.join(' · '))]
}

function budgetMeter({ spent, limit }: GalleryBudget): HTMLElement {
  const title = 'Images requested in the last 60 minutes, and how many may be'
  return meter(`Budget: ${spent} of ${limit}`, spent / Math.max(1, limit), title)
}

function spendMeter({ spent, limit, currency }: NonNullable<GalleryBudget['spend']>): HTMLElement {
  const left = formatAmount(Math.max(0, limit - spent), currency)
  const title = `${formatAmount(spent, currency)} spent in the last 60 minutes, of ${formatAmount(limit, currency)} that may be`
  return meter(`${left} left`, limit > 0 ? spent / limit : 1, title)
}

function meter(text: string, part: number, title: string): HTMLElement {
  const bar = element('span', { class: 'meter', 'aria-hidden': 'true' })
  bar.style.setProperty('--part', String(Math.min(1, part)))
  return element(
    'div',
    { class: 'budget', title },
    element('span', { class: 'budget-words' }, text),
    bar,
  )
}
