import type { ImageKey } from '../../manifest/image-id.ts'
import type { ImageAsset } from '../../module/image-asset.ts'

/** How many assets of one image are remembered: the latest ones. */
const REMEMBERED = 8

/** The assets that pages were given of each image. */
export interface GivenAssets {
  add(id: ImageKey, asset: ImageAsset): void
  /** The assets before this one, oldest first. */
  before(id: ImageKey, asset: ImageAsset): readonly ImageAsset[]
}

export function createGivenAssets(): GivenAssets {
  /** By image, then by the asset's JSON. */
  const given = new Map<ImageKey, Map<string, ImageAsset>>()
  return {
    add(id, asset) {
      const assets = given.get(id) ?? new Map<string, ImageAsset>()
      given.set(id, assets)
      const json = JSON.stringify(asset)
      assets.delete(json)
      assets.set(json, asset)
      const [oldest] = assets.keys()
      if (assets.size > REMEMBERED && oldest !== undefined) assets.delete(oldest)
    },
    before(id, asset) {
      const present = JSON.stringify(asset)
      return [...(given.get(id) ?? [])].flatMap(([json, former]) =>
        json === present ? [] : [former],
      )
    },
  }
}
