import { ImagegenError } from '../../errors/imagegen-error.ts'
import { type ImageKey, imageKey } from '../../manifest/image-id.ts'
import { changedOnly, type EarlierVersion, OFFERED } from '../../pipeline/keep/earlier-versions.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'

/**
 * The earlier pictures that could stay, by image; none where a manifest has faults: then nobody knows
 * which pictures are needed.
 */
export async function findKeepable(
  pipeline: Pick<Pipeline, 'earlierVersions'>,
): Promise<ReadonlyMap<ImageKey, EarlierVersion>> {
  try {
    const versions = await pipeline.earlierVersions()
    const offered = versions.filter(version => changedOnly(version, OFFERED))
    return new Map(offered.map(version => [imageKey(version.image.id), version]))
  } catch (error) {
    if (error instanceof ImagegenError) return new Map()
    throw error
  }
}
