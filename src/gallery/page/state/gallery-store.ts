/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import { computed, type ReadonlySignal, signal } from '@preact/signals'
import type { GalleryData, GalleryImage, GalleryUpdate } from '../../data/gallery-data.ts'
import type { GalleryDetails } from '../../data/gallery-details.ts'
import { type Announcer, createAnnouncer } from './announcer.ts'
import type { FilterContext } from './filter/facets.ts'
import { type GalleryFilter, matches } from './filter/gallery-filter.ts'
import { type ImageUsage, indexUsage } from './filter/image-usage.ts'
import { sortImages } from './filter/sort-images.ts'
import { sentenceOf } from './format.ts'
import { applyUpdate, inOrder, keyOf } from './gallery-state.ts'
import { createImageSelection, type ImageSelection } from './image-selection.ts'
import { createLookSettings, type LookSettings } from './look-settings.ts'
import { createQuestions, type Questions } from './questions.ts'
import { formatRoute, parseRoute, type Route } from './route.ts'
import type { ConnectionState, GallerySource } from './source/gallery-source.ts'
import { followDetails } from './source/image-details.ts'
import { createStudio, type Studio } from './source/studio.ts'
import { describeChanges } from './state-words.ts'
import { createWordsForms, type WordsForms } from './words/words-forms.ts'

/** All that the page's components share. Only the functions here change its signals. */
export interface GalleryStore {
  readonly studio: Studio
  readonly words: WordsForms
  readonly announcer: Announcer
  readonly questions: Questions
  readonly look: LookSettings
  /** Undefined until it is loaded. */
  readonly data: ReadonlySignal<GalleryData | undefined>
  /** Why the data could not be loaded. */
  readonly problem: ReadonlySignal<string | undefined>
  readonly connection: ReadonlySignal<ConnectionState>
  readonly route: ReadonlySignal<Route>
  /** The route without the open panel. */
  readonly filter: ReadonlySignal<GalleryFilter & Pick<Route, 'sort'>>
  readonly context: ReadonlySignal<FilterContext>
  /** What the grid shows, in its order. */
  readonly visible: ReadonlySignal<readonly GalleryImage[]>
  readonly selection: ImageSelection
  /** The selected images that are still there. */
  readonly selected: ReadonlySignal<readonly GalleryImage[]>
  /** The image of the open panel. */
  readonly opened: ReadonlySignal<GalleryImage | undefined>
  /** What the data does not say of it; undefined while that is loaded. */
  readonly details: ReadonlySignal<GalleryDetails | undefined>
  /** The one that it is compared with. */
  readonly compared: ReadonlySignal<GalleryImage | undefined>
  /** Milliseconds; another value each second. */
  readonly now: ReadonlySignal<number>
  load(): Promise<void>
  /** Asks the server again which modules use which images. */
  loadUsage(): Promise<void>
  go(route: Route, how?: 'replace' | 'push'): void
  /** Changes fields of the filter; `undefined` removes them. */
  narrow(change: RouteChange): void
  /** Opens an image, or another one in the same panel. */
  open(key: string): void
  close(): void
  /** Goes back or forth by one image of the grid. */
  step(by: -1 | 1): void
}

/** Fields of a route but those of the open panel. */
type RouteChange = {
  readonly [Name in Exclude<keyof Route, 'image' | 'with'>]?: Route[Name] | undefined
}

/** Follows its source and the address from now on. */
export function createGalleryStore(source: GallerySource): GalleryStore {
  const { data, problem, connection, load: loadData, announcer } = followSource(source)
  const route = signal(parseRoute(location.hash))
  const now = signal(Date.now())
  const filter = computed(() => filterOf(route.value))
  const studio = createStudio(source, () => data.value?.actions?.token ?? '')
  const words = createWordsForms(studio)
  const load = async (): Promise<void> => {
    await loadData()
    if (data.value?.actions) words.restore(data.value.project)
  }
  const { context, loadUsage } = followUsage(studio)
  const visible = computed(() => {
    const { sort = 'manifest', ...wanted } = filter.value
    const fitting = data.value?.images.filter(image => matches(image, wanted, context.value))
    return sortImages(fitting ?? [], sort)
  })
  const selection = createImageSelection(() => visible.value.map(({ id }) => keyOf(id)))
  const selected = computed(
    () => data.value?.images.filter(({ id }) => selection.keys.value.has(keyOf(id))) ?? [],
  )
  const imageOf = (key: string | undefined): GalleryImage | undefined =>
    key === undefined ? undefined : data.value?.images.find(({ id }) => keyOf(id) === key)
  const opened = computed(() => imageOf(route.value.image))
  const compared = computed(() => imageOf(route.value.with))
  window.setInterval(() => {
    now.value = Date.now()
  }, 1_000)
  window.addEventListener('popstate', () => {
    route.value = parseRoute(location.hash)
  })
  const go: GalleryStore['go'] = (next, how = 'replace') => {
    const hash = formatRoute(next)
    if (how === 'push') history.pushState(null, '', hash)
    else history.replaceState(null, '', hash)
    route.value = next
  }
  return {
    ...{ studio, words, announcer, data, problem, connection, load },
    questions: createQuestions(),
    look: createLookSettings(),
    ...{
      route,
      filter,
      context,
      visible,
      selection,
      selected,
      opened,
      details: followDetails(opened, source),
      compared,
      now,
      loadUsage,
      go,
    },
    narrow(change) {
      const fields = Object.entries({ ...route.value, ...change })
      go(Object.fromEntries(fields.filter(([, value]) => value)))
    },
    open(image) {
      go({ ...filter.value, image }, route.value.image ? 'replace' : 'push')
    },
    close() {
      const { image } = route.value
      go(filter.value)
      if (image) focusCard(image)
    },
    step(by) {
      const index = visible.value.findIndex(({ id }) => keyOf(id) === route.value.image)
      const next = visible.value[index + by]
      if (index >= 0 && next) go({ ...filter.value, image: keyOf(next.id) })
    },
  }
}

/** The data as it is now, and whether it still arrives. */
function followSource(source: GallerySource) {
  const announcer = createAnnouncer()
  const data = signal<GalleryData | undefined>(undefined)
  const problem = signal<string | undefined>(undefined)
  const connection = signal<ConnectionState>('there')
  const load = async (): Promise<void> => {
    try {
      const loaded = await source.load()
      data.value = { ...loaded, images: inOrder(loaded.images) }
      problem.value = undefined
    } catch (error) {
      problem.value = sentenceOf(error)
    }
  }
  const receive = (update: GalleryUpdate): void => {
    if (!data.value) return
    const sentences = describeChanges(data.value, update)
    for (const sentence of sentences) announcer.say(sentence)
    data.value = applyUpdate(data.value, update)
  }
  source.subscribe({
    update: receive,
    connection(state) {
      connection.value = state
      if (state === 'there') void load()
    },
  })
  return { announcer, data, problem, connection, load }
}

/** Which modules use which images, once that was asked for. */
function followUsage(studio: Studio) {
  const usage = signal<ImageUsage | undefined>(undefined)
  const context = computed((): FilterContext => ({ usage: usage.value }))
  const loadUsage = async (): Promise<void> => {
    usage.value = await studio.usage().then(indexUsage, () => usage.value)
  }
  return { context, loadUsage }
}

export function focusCard(key: string): void {
  document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus()
}

function filterOf({ image: _, with: __, ...filter }: Route): Omit<Route, 'image' | 'with'> {
  return filter
}
