import type { ResolvedOptions } from '../../config/options.ts'
import { ImagegenError } from '../../errors/imagegen-error.ts'
import { formatImageId, imageKey } from '../../manifest/image-id.ts'
import type { Manifest, ManifestImage } from '../../manifest/manifest.ts'
import type { Originals } from '../../originals/originals.ts'
import { explainState } from '../../plan/explain-state.ts'
import type { Plan, PlannedImage } from '../../plan/plan.ts'
import type { Selection } from '../project/selection.ts'
import type { EarlierVersionsDeps } from './earlier-versions.ts'

/** What keeping, adopting and undoing work with. */
export interface DecidingDeps extends EarlierVersionsDeps {
  readonly options: ResolvedOptions
  readonly originals: Originals
  /** @param file absolute path */
  manifest(file: string): Promise<Manifest>
  /** The images of a selection, without what they refer to. */
  select(selection: Selection): Promise<readonly ManifestImage[]>
  planImages(images: readonly ManifestImage[]): Promise<Plan>
}

/** The selected images as they stand, without what they refer to. */
export async function planOwn(
  selection: Selection,
  { select, planImages }: DecidingDeps,
): Promise<readonly PlannedImage[]> {
  const images = await select(selection)
  const own = new Set(images.map(({ id }) => imageKey(id)))
  return (await planImages(images)).images.filter(({ id }) => own.has(imageKey(id)))
}

/** Why nobody can decide on the picture of an image now, as a sentence; undefined when one can. */
export function undecidable({ id, status, source }: PlannedImage): string | undefined {
  const subject = formatImageId(id)
  if (source) return `${subject} is made from a file (\`source\`), so it has no original.`
  switch (status.state) {
    case 'blocked': {
      const by = status.by.map(({ name }) => name).join(' and ')
      return `${subject} refers to ${by}, which has no picture yet. Start with that image.`
    }
    case 'failed':
      return status.problem
    case 'corrupt':
    case 'newer':
      return `${subject}: ${explainState(status)}`
    default:
      return undefined
  }
}

/** The message of an error of this package; others are thrown. */
export function problemOf(error: unknown): string {
  if (error instanceof ImagegenError) return error.message
  throw error
}
