import type { CropStrategy } from '../manifest/manifest.ts'
import type { Digest } from '../system/digest.ts'
import { createOnce } from './cache/once.ts'
import type { RenditionCache } from './cache/rendition-cache.ts'
import { MIDDLE, probeBox } from './encode/crop.ts'
import type { CropPoint, PlannedFile } from './rendition.ts'

/** Increases whenever a strategy would choose another part of the same picture. */
const CROPS_VERSION = 1

export type CroppedFile = Pick<PlannedFile, 'width' | 'height' | 'position'>

/** Where files crop originals. A strategy's point is found once for each shape, then known. */
export interface CropPoints {
  /** Undefined when a strategy has not found it yet. */
  known(original: Digest, file: CroppedFile): Promise<CropPoint | undefined>
  /** @param search lets a strategy find it in the decoded original */
  find(
    original: Digest,
    file: CroppedFile,
    search: (strategy: CropStrategy) => Promise<CropPoint>,
  ): Promise<CropPoint>
}

/** @param encoder version of sharp, whose strategies they are */
export function createCropPoints(
  cache: Pick<RenditionCache, 'findCrop' | 'storeCrop'>,
  encoder: () => string,
): CropPoints {
  const once = createOnce<CropPoint>()
  const keyOf = (strategy: CropStrategy, file: CroppedFile): string => {
    const { width, height } = probeBox(file)
    return `${strategy} ${width}x${height} ${CROPS_VERSION} ${encoder()}`
  }
  return {
    async known(original, file) {
      const { position = MIDDLE } = file
      if (typeof position !== 'string') return position
      return cache.findCrop(original, keyOf(position, file))
    },
    async find(original, file, search) {
      const { position = MIDDLE } = file
      if (typeof position !== 'string') return position
      const key = keyOf(position, file)
      return once(`${original} ${key}`, async () => {
        const known = await cache.findCrop(original, key)
        if (known) return known
        const point = await search(position)
        cache.storeCrop(original, key, point)
        return point
      })
    },
  }
}
