import path from 'node:path'
import type { InspectedImage } from '../../pipeline/inspect.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import { type DevManifest, isMissing } from '../images/dev-manifest.ts'
import type { Purchases } from './purchases.ts'

/** Buys what pages lack, without anybody's doing, where `dev.generate` says so. */
export interface AutoPurchase {
  /** Whether an image's picture would be bought. */
  covers(image: InspectedImage): boolean
  /** Whoever types saves often: nothing is bought before it was quiet for a while. */
  soon(): void
  stop(): void
}

export interface AutoPurchaseParts {
  readonly pipeline: Pipeline
  readonly purchases: Purchases
  /** Milliseconds. */
  readonly quiet: number
  /** The manifests that pages import, those with faults left out. */
  wanted(): readonly DevManifest[]
  /** Told why nothing is bought. */
  onRefusal(message: string): void
  onError(error: unknown): void
}

export function createAutoPurchase({
  pipeline,
  purchases,
  quiet,
  wanted,
  onRefusal,
  onError,
}: AutoPurchaseParts): AutoPurchase {
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false

  function covers({ planned }: InspectedImage): boolean {
    const { dev, provider } = pipeline.options
    if (dev.generate !== 'auto' || planned.problem || pipeline.refusal() !== undefined) return false
    const isOpen =
      planned.state === 'missing' ||
      (planned.state === 'uncertain' && provider.retry.uncertain === 'retry')
    return isOpen && purchases.statusOf(planned) === undefined
  }

  function buy(): void {
    const manifests = wanted()
    const images = manifests.flatMap(manifest => manifest.images.filter(covers))
    const { root } = pipeline.options
    const files = new Set(images.map(({ planned }) => path.join(root, planned.id.manifest)))
    const planned = images.map(image => image.planned)
    purchases.buy(planned, { manifests: [...files] }).catch(onError)
    const refusal = pipeline.refusal()
    if (refusal && manifests.some(manifest => manifest.images.some(isMissing))) onRefusal(refusal)
  }

  return {
    covers,
    soon() {
      clearTimeout(timer)
      if (stopped) return
      timer = setTimeout(buy, quiet)
      timer.unref()
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}
