import { sumAmounts } from '../../../cost/sum-amounts.ts'
import type { DevImages } from '../../../dev/dev-images.ts'
import type { ImageId } from '../../../manifest/image-id.ts'
import type { PreviewedImage } from '../../../pipeline/preview.ts'
import { estimateImage } from '../../../pipeline/run/estimate-cost.ts'
import type { GalleryAmount } from '../../data/gallery-costs.ts'
import type { GalleryBudget } from '../../data/gallery-data.ts'
import type {
  GalleryWordsChange,
  GalleryWordsCheck,
  GalleryWordsRequest,
} from '../../data/gallery-exchanges.ts'
import { findSpendingRefusal } from '../checks/check-spending.ts'
import { diffLines } from './diff-lines.ts'
import { findKeepablePictures } from './keep-pictures.ts'
import { neededRequests, planWords } from './plan-words.ts'

export interface CheckDeps {
  readonly images: DevImages
  budget(): Promise<{ readonly budget?: GalleryBudget }>
}

/** What saving would write, request and cost. Writes nothing. @throws ActionRefusedError */
export async function checkWords(
  change: Omit<GalleryWordsChange, 'token'>,
  { images, budget }: CheckDeps,
): Promise<GalleryWordsCheck> {
  const planned = await planWords(change, images)
  const requests = neededRequests(planned.preview)
  const { pipeline } = images
  const wanted = requests.map(request => request.planned)
  const refusal = wanted.length > 0 ? await findSpendingRefusal(wanted, pipeline) : undefined
  const described = requests.map(request => describeRequest(request, images))
  const cost = sumPrices(described)
  return {
    diff: diffLines(planned.before, planned.after),
    faults: planned.faults,
    requests: described,
    ...(cost && { cost }),
    ...(await budget()),
    ...(refusal !== undefined && { refusal }),
    canKeep: findKeepablePictures(planned).length > 0,
  }
}

function describeRequest(
  { planned, because }: PreviewedImage,
  { pipeline: { options } }: DevImages,
): GalleryWordsRequest {
  const amount = estimateImage(planned, options)
  const price = amount === undefined ? undefined : { amount, currency: options.budget.currency }
  return {
    image: nameOf(planned.id),
    because,
    state: planned.status.state,
    ...(price && { price }),
  }
}

function nameOf({ manifest, name }: ImageId): ImageId {
  return { manifest, name }
}

/** Undefined when one of them is unknown, and when there is none. */
function sumPrices(requests: readonly GalleryWordsRequest[]): GalleryAmount | undefined {
  const prices = requests.flatMap(({ price }) => price ?? [])
  const [first] = prices
  if (!first || prices.length < requests.length) return undefined
  return { ...first, amount: sumAmounts(prices.map(({ amount }) => amount)) }
}
