import type { ImageAsset } from '../module/image-asset.ts'

/** An asset whose manifest says what it shows. */
export interface DescribedAsset extends ImageAsset {
  readonly alt: string
}
