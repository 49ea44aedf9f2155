import type { ImageAsset } from '../../module/image-asset.ts'
import { swapDescriptions, swapElement, swapPage, swapTree } from './swap-page.ts'
import { chainSwaps, planSwap, type SwapPlan } from './swap-plan.ts'

/** An image's new asset. */
export interface LiveUpdate {
  readonly id: string
  /** Rises with every change. */
  readonly version: number
  readonly asset: ImageAsset
  /** Earlier assets: a page that a server rendered may still show one. */
  readonly former?: readonly ImageAsset[]
}

/** The images that code of this page has imported, and their objects. */
export interface LiveImages {
  /** The object of an image: always the same one, and always up to date. */
  live(id: string, version: number, asset: ImageAsset): ImageAsset
  /** Changes the objects in place, and the page with them. */
  receive(updates: readonly LiveUpdate[]): void
  /** Versions by image. */
  versions(): Readonly<Record<string, number>>
}

interface Holder {
  version: number
  readonly asset: ImageAsset
}

interface State {
  readonly holders: Map<string, Holder>
  /** Updates of images whose code has not run yet. */
  readonly early: Map<string, LiveUpdate>
  /** The current text for every former one. */
  former: SwapPlan
  observer: MutationObserver | undefined
}

export function createLiveImages(): LiveImages {
  const state: State = {
    holders: new Map(),
    early: new Map(),
    former: new Map(),
    observer: undefined,
  }
  return {
    live: (id, version, asset) => hold(state, { id, version, asset }),
    receive(updates) {
      for (const update of updates) receive(state, update)
    },
    versions: () =>
      Object.fromEntries([...state.holders].map(([id, { version }]) => [id, version])),
  }
}

function hold(state: State, given: LiveUpdate): ImageAsset {
  const { id, version, asset } = given
  const { holders, early } = state
  const known = holders.get(id)
  const news = early.get(id)
  early.delete(id)
  if (known) {
    renew(state, known, given)
    return known.asset
  }
  const holder: Holder = { version, asset }
  holders.set(id, holder)
  if (news) renew(state, holder, news)
  return holder.asset
}

function receive(state: State, update: LiveUpdate): void {
  const holder = state.holders.get(update.id)
  if (holder) renew(state, holder, update)
  else state.early.set(update.id, update)
  // Only the server may have imported the image: then no code of this page has an object of it.
  const { asset } = holder ?? update
  for (const before of update.former ?? []) replaceInPage(state, before, asset)
}

function renew(state: State, holder: Holder, { version, asset }: LiveUpdate): void {
  if (version <= holder.version) return
  const before = { ...holder.asset }
  holder.version = version
  replaceInPlace(holder.asset, asset)
  replaceInPage(state, before, asset)
}

function replaceInPage(state: State, before: ImageAsset, after: ImageAsset): void {
  const swaps = planSwap(before, after)
  state.former = chainSwaps(state.former, swaps)
  if (typeof document === 'undefined') return
  if (swaps.size > 0) swapPage(swaps)
  swapDescriptions(before, after)
  watchPage(state)
}

/** Code may keep a URL, and write it into the page later. */
function watchPage(state: State): void {
  if (state.observer || state.former.size === 0) return
  state.observer = new MutationObserver(records => {
    for (const { type, target, addedNodes } of records) {
      if (type === 'attributes' && target instanceof Element) swapElement(target, state.former)
      for (const node of addedNodes) swapTree(node, state.former)
    }
  })
  state.observer.observe(document, {
    subtree: true,
    childList: true,
    attributeFilter: ['src', 'srcset', 'style', 'href', 'poster'],
  })
}

function replaceInPlace(target: ImageAsset, source: ImageAsset): void {
  for (const name of Object.keys(target)) {
    if (!(name in source)) Reflect.deleteProperty(target, name)
  }
  Object.assign(target, source)
}
