import type { ImageAsset } from '../../module/image-asset.ts'

/** Texts of an asset as a page may contain them, each with its replacement. */
export type SwapPlan = ReadonlyMap<string, string>

interface Candidate {
  readonly url: string
  readonly width: number
}

/**
 * What replaces the texts of an asset's former version: whole `srcset`s, and every URL on its own.
 * Pure.
 */
export function planSwap(before: ImageAsset, after: ImageAsset): SwapPlan {
  const swaps = new Map<string, string>()
  addSwaps(swaps, before, after)
  return swaps
}

function addSwaps(swaps: Map<string, string>, before: ImageAsset, after: ImageAsset): void {
  const add = (from: string | undefined, to: string | undefined): void => {
    if (from !== undefined && to !== undefined && from !== to && !swaps.has(from))
      swaps.set(from, to)
  }
  const addSrcset = (from: string | undefined, to: string): void => {
    add(from, to)
    const targets = parseSrcset(to)
    for (const { url, width } of parseSrcset(from ?? '')) add(url, nearest(targets, width)?.url)
  }
  // First, because a variant keeps its name when its media query is edited.
  for (const [name, variant] of Object.entries(before.variants ?? {})) {
    addSwaps(swaps, variant, after.variants?.[name] ?? after)
  }
  add(before.src, after.src)
  addSrcset(before.srcset, after.srcset ?? after.src)
  for (const { type, media, srcset } of before.sources ?? []) {
    const same = after.sources?.find(source => source.type === type && source.media === media)
    addSrcset(srcset, same?.srcset ?? after.srcset ?? after.src)
  }
  add(before.placeholder?.dataUrl, after.placeholder?.dataUrl)
}

/** Adds newer swaps to older ones, so that every former text leads to the current one. */
export function chainSwaps(older: SwapPlan, newer: SwapPlan): SwapPlan {
  const chained = new Map<string, string>()
  for (const [from, to] of older) chained.set(from, newer.get(to) ?? to)
  for (const [from, to] of newer) chained.set(from, to)
  for (const present of newer.values()) chained.delete(present)
  return chained
}

/** The text with every former URL replaced; the same text when it has none. */
export function swapText(text: string, swaps: SwapPlan): string {
  const whole = swaps.get(text)
  if (whole !== undefined) return whole
  let swapped = text
  // Longer texts first: a `srcset` contains URLs that also stand alone.
  for (const [from, to] of [...swaps].sort(([a], [b]) => b.length - a.length)) {
    if (swapped.includes(from)) swapped = swapped.replaceAll(from, () => to)
  }
  return swapped
}

function parseSrcset(srcset: string): readonly Candidate[] {
  return srcset.split(', ').flatMap(candidate => {
    const [url, descriptor = ''] = candidate.split(' ')
    return url ? [{ url, width: Number.parseInt(descriptor, 10) || 0 }] : []
  })
}

/** The smallest that is wide enough, else the widest. */
function nearest(candidates: readonly Candidate[], width: number): Candidate | undefined {
  return candidates.find(candidate => candidate.width >= width) ?? candidates.at(-1)
}
