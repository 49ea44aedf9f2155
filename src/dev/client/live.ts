import type { ImageAsset } from '../../module/image-asset.ts'
import { swapDescriptions, swapElement, swapPage, swapTree } from './swap-page.ts'
import { chainSwaps, planSwap, type SwapPlan } from './swap-plan.ts'

/** What an image's asset is from now on. */
export interface LiveUpdate {
  readonly id: string
  /** Rises with every change. */
  readonly version: number
  readonly asset: ImageAsset
  /** What it was earlier: a page that a server has rendered may still show it. */
  readonly former?: readonly ImageAsset[]
}

/** Images that code of this page has imported, and their objects. */
export interface LiveImages {
  /** The object of an image: always the same one, which says what is shown at present. */
  live(id: string, version: number, asset: ImageAsset): ImageAsset
  /** Changes objects in place, and the page with them. */
  receive(updates: readonly LiveUpdate[]): void
  /** Versions by image. */
  versions(): Readonly<Record<string, number>>
}

interface Holder {
  version: number
  readonly asset: ImageAsset
}

export function createLiveImages(): LiveImages {
  const holders = new Map<string, Holder>()
  /** News of images whose code has not run yet. */
  const early = new Map<string, LiveUpdate>()
  let former: SwapPlan = new Map()
  let observer: MutationObserver | undefined

  function renew(holder: Holder, { version, asset }: LiveUpdate): void {
    if (version <= holder.version) return
    const before = { ...holder.asset }
    holder.version = version
    replaceInPlace(holder.asset, asset)
    replaceInPage(before, asset)
  }

  function replaceInPage(before: ImageAsset, after: ImageAsset): void {
    const swaps = planSwap(before, after)
    former = chainSwaps(former, swaps)
    if (typeof document === 'undefined') return
    if (swaps.size > 0) swapPage(swaps)
    swapDescriptions(before, after)
    watchPage()
  }

  /** Code may keep a URL that it read, and write it into the page later. */
  function watchPage(): void {
    if (observer || former.size === 0) return
    observer = new MutationObserver(records => {
      for (const { type, target, addedNodes } of records) {
        if (type === 'attributes' && target instanceof Element) swapElement(target, former)
        for (const node of addedNodes) swapTree(node, former)
      }
    })
    observer.observe(document, {
      subtree: true,
      childList: true,
      attributeFilter: ['src', 'srcset', 'style', 'href', 'poster'],
    })
  }

  return {
    live(id, version, asset) {
      const known = holders.get(id)
      const news = early.get(id)
      early.delete(id)
      if (known) {
        renew(known, { id, version, asset })
        return known.asset
      }
      const holder: Holder = { version, asset }
      holders.set(id, holder)
      if (news) renew(holder, news)
      return holder.asset
    },
    receive(updates) {
      for (const update of updates) {
        const holder = holders.get(update.id)
        if (!holder) {
          early.set(update.id, update)
          continue
        }
        renew(holder, update)
        for (const before of update.former ?? []) replaceInPage(before, holder.asset)
      }
    },
    versions: () => Object.fromEntries([...holders].map(([id, { version }]) => [id, version])),
  }
}

function replaceInPlace(target: ImageAsset, source: ImageAsset): void {
  for (const name of Object.keys(target)) {
    if (!(name in source)) Reflect.deleteProperty(target, name)
  }
  Object.assign(target, source)
}
