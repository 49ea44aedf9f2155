import path from 'node:path'
import type { RunPlan } from '../../budget/limits.ts'
import type { ResolvedOptions } from '../../config/options.ts'
import { isSizeKey } from '../../config/prices.ts'
import { BudgetError } from '../../errors/budget-error.ts'
import { MissingKeyError } from '../../errors/missing-key-error.ts'
import { MissingOriginalsError } from '../../errors/missing-originals-error.ts'
import { formatImageId, type ImageId, type ImageKey, imageKey } from '../../manifest/image-id.ts'
import { explainState } from '../../plan/explain-state.ts'
import type { Plan, PlannedImage } from '../../plan/plan.ts'
import { nearest } from '../../text/suggest.ts'
import { providerNamed } from '../project/image-provider-of.ts'
import type { Selection } from '../project/selection.ts'
import { estimateImage, pricedRequest } from './estimate-cost.ts'

/**
 * What a run would request: images that are missing or uncertain, each request once however many
 * images share it, but nothing that depends on an image that cannot be made. In a plan each image
 * comes after its references.
 */
export function imagesToGenerate(plan: Plan): readonly PlannedImage[] {
  const blocked = new Set<ImageKey>()
  const wanted = plan.images.filter(({ id, status: { state }, dependsOn }) => {
    const isBlocked = dependsOn.some(dependency => blocked.has(imageKey(dependency)))
    const isOpen = state === 'missing' || state === 'blocked' || state === 'uncertain'
    if (!isBlocked && isOpen) return true
    if (isBlocked || state !== 'ready') blocked.add(imageKey(id))
    return false
  })
  const byRequest = new Map(wanted.map(image => [image.key ?? imageKey(image.id), image]))
  return [...byRequest.values()]
}

/**
 * Whether a selection requests an image again although an earlier answer was no usable picture. This
 * concerns the images that it names, not those that they refer to.
 */
export function asksAgain(
  { again = false, images, manifests }: Selection,
  root: string,
): (id: ImageId) => boolean {
  const named = images && new Set(images.map(({ manifest, name }) => imageKey({ manifest, name })))
  return ({ manifest, name }) => {
    if (!again) return false
    if (named) return named.has(imageKey({ manifest, name }))
    return manifests?.includes(path.join(root, manifest)) ?? true
  }
}

/** Why nothing can be generated at all, as a sentence; undefined when it can. */
export function refusalOf(
  { mode, provider, providers }: ResolvedOptions,
  hasKey: (provider?: string) => boolean,
): string | undefined {
  if (mode === 'frozen') return 'The mode is frozen, so nothing is requested.'
  if (mode === 'draft')
    return 'The mode is draft, so nothing is requested and drafts replace missing images.'
  if (hasKey() || Object.keys(providers).some(hasKey)) return undefined
  return `${provider.apiKeyEnv} is not set, so nothing can be generated. Set it in the environment or in \`.env.local\`, then run again.`
}

/**
 * Decides before the first request whether a run may go ahead, apart from its budget.
 * @throws MissingOriginalsError, MissingKeyError
 */
export function checkPolicy(
  plan: Plan,
  options: ResolvedOptions,
  hasKey: (provider?: string) => boolean,
): void {
  const wanted = imagesToGenerate(plan)
  if (wanted.length === 0) return
  if (options.mode === 'frozen') {
    throw new MissingOriginalsError(
      `The mode is frozen, so nothing is requested, and ${count(wanted)} missing:\n${wanted.map(describe).join('\n')}\nRun \`imagegen generate\` where the API key is set, and commit ${path.relative(options.root, options.cacheDir) || '.'}.`,
    )
  }
  const lacking = wanted.filter(({ image }) => !hasKey(image.provider))
  const [first] = lacking
  if (first) {
    const { apiKeyEnv } = providerNamed(options, first.image.provider)
    throw new MissingKeyError(
      `${apiKeyEnv} is not set, and ${count(lacking)} missing:\n${listImages(lacking)}\nSet it in the environment or in \`.env.local\` to generate them, or set IMAGEGEN_MODE=draft to build with drafts.`,
    )
  }
}

/**
 * {@link imagesToGenerate} without those of unknown outcome that are not requested again.
 * @param uncertain overrides `retry.uncertain`
 */
export function imagesToRequest(
  plan: Plan,
  options: ResolvedOptions,
  uncertain?: 'retry' | 'stop',
): readonly PlannedImage[] {
  return imagesToGenerate(plan).filter(
    ({ status, image }) =>
      status.state !== 'uncertain' ||
      (uncertain ?? providerNamed(options, image.provider).retry.uncertain) === 'retry',
  )
}

/**
 * What a run has to reserve of the budget; undefined when it requests nothing.
 * @throws BudgetError when what is spent is bounded and an image has no price
 */
export function planBudget(
  plan: Plan,
  options: ResolvedOptions,
  { uncertain, budget, spend }: Pick<Selection, 'uncertain' | 'budget' | 'spend'>,
): RunPlan | undefined {
  const toRequest = imagesToRequest(plan, options, uncertain)
  const [first] = toRequest
  if (!first) return undefined
  if (spend !== undefined || options.budget.spend !== undefined) checkPrices(toRequest, options)
  return {
    requests: toRequest.map(image => requestName(image, options.root)),
    amounts: expectedAmounts(toRequest, options),
    ...(budget !== undefined && { limit: budget }),
    ...(spend !== undefined && { spend }),
    list: listImages(toRequest),
    example: formatImageId({ manifest: first.id.manifest, name: first.id.name }),
  }
}

/** By {@link requestName}, of images that have a price. */
function expectedAmounts(
  images: readonly PlannedImage[],
  options: ResolvedOptions,
): ReadonlyMap<string, number> {
  const amounts = images.map(image => [image, estimateImage(image, options)] as const)
  return new Map(
    amounts.flatMap(([image, amount]) =>
      amount === undefined ? [] : [[requestName(image, options.root), amount] as const],
    ),
  )
}

/** @throws BudgetError naming the images without a price */
function checkPrices(images: readonly PlannedImage[], options: ResolvedOptions): void {
  const unpriced = images.filter(image => estimateImage(image, options) === undefined)
  const [first] = unpriced
  if (!first) return
  const { model, size } = pricedRequest(first.image, options)
  const similar = nearest(
    model,
    Object.keys(options.budget.prices).filter(key => !isSizeKey(key) && key !== model),
  )
  const slip = similar === undefined ? '' : ` Did you write \`${similar}\` for it?`
  const have = unpriced.length === 1 ? '1 image has none' : `${unpriced.length} images have none`
  throw new BudgetError(
    `\`budget.spend\` is set, so every image needs a price, but ${have}. Nothing was requested:\n${listImages(unpriced)}\nSet \`budget.prices['${model}']\`: a price of ${size}, or an \`estimate\` beside the prices of its tokens.${slip}`,
  )
}

/** The same in every process, also for an image whose references are missing. */
export function requestName({ key, id }: PlannedImage, root: string): string {
  return key ?? `${root} ${imageKey(id)}`
}

function count(images: readonly PlannedImage[]): string {
  return images.length === 1 ? '1 original is' : `${images.length} originals are`
}

const LISTED = 20

function listImages(images: readonly PlannedImage[]): string {
  const lines = images.slice(0, LISTED).map(describe)
  const more = images.length - LISTED
  return [...lines, ...(more > 0 ? [`  … and ${more} more`] : [])].join('\n')
}

function describe({ id, image, status }: PlannedImage): string {
  const { line, column } = image.at
  const reason = explainState(status)
  const revision = id.revision === undefined ? '' : `@${id.revision}`
  return `  ${id.manifest}:${line}:${column} ${id.name}${revision}${reason ? `: ${reason}` : ''}`
}
