/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

import { computed, type ReadonlySignal, signal } from '@preact/signals'
import type { GalleryData, GalleryImage, GalleryUpdate } from '../../data/gallery-data.ts'
import { type Announcer, createAnnouncer } from './announcer.ts'
import { sentenceOf } from './format.ts'
import type { ConnectionState, GallerySource } from './gallery-source.ts'
import { applyUpdate, type GalleryFilter, inOrder, keyOf, matches } from './gallery-state.ts'
import { createQuestions, type Questions } from './questions.ts'
import { formatRoute, parseRoute, type Route } from './route.ts'
import { describeChanges } from './state-words.ts'

/** All that the page's components share. Only the functions here change its signals. */
export interface GalleryStore {
  readonly source: GallerySource
  readonly announcer: Announcer
  readonly questions: Questions
  /** Undefined until it is loaded. */
  readonly data: ReadonlySignal<GalleryData | undefined>
  /** Why the data could not be loaded. */
  readonly problem: ReadonlySignal<string | undefined>
  readonly connection: ReadonlySignal<ConnectionState>
  readonly route: ReadonlySignal<Route>
  readonly filter: ReadonlySignal<GalleryFilter>
  /** What the grid shows. */
  readonly visible: ReadonlySignal<readonly GalleryImage[]>
  /** The image of the open panel. */
  readonly opened: ReadonlySignal<GalleryImage | undefined>
  /** Milliseconds; another value each second. */
  readonly now: ReadonlySignal<number>
  load(): Promise<void>
  go(route: Route, how?: 'replace' | 'push'): void
  /** Takes a change of the filter, which may itself have changed meanwhile. */
  changeFilter(change: (filter: GalleryFilter) => GalleryFilter): void
  /** Opens an image, or another one in the same panel. */
  open(key: string): void
  close(): void
  /** Goes back or forth by one image of the grid. */
  step(by: -1 | 1): void
}

/** Follows its source and the address from now on. */
export function createGalleryStore(source: GallerySource): GalleryStore {
  const { data, problem, connection, load, announcer } = followSource(source)
  const route = signal(parseRoute(location.hash))
  const now = signal(Date.now())
  const filter = computed(() => filterOf(route.value))
  const visible = computed(
    () => data.value?.images.filter(image => matches(image, filter.value)) ?? [],
  )
  const opened = computed(() => {
    const key = route.value.image
    return key === undefined ? undefined : data.value?.images.find(({ id }) => keyOf(id) === key)
  })
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
    ...{ source, announcer, data, problem, connection, load },
    questions: createQuestions(),
    ...{ route, filter, visible, opened, now, go },
    changeFilter(change) {
      const { image } = route.value
      go({ ...change(filter.value), ...(image && { image }) })
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
    const sentences = describeChanges(data.value, update.images ?? [])
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

export function focusCard(key: string): void {
  document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus()
}

function filterOf({ image: _, ...filter }: Route): GalleryFilter {
  return filter
}
