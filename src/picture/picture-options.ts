import type { ImageAsset } from '../module/image-asset.ts'
import type { DescribedAsset } from './described-asset.ts'

/** The props that every `Picture` has, whatever the framework. */
export interface PictureOptions {
  /** The width of the picture on the page, as in `<img sizes>`. Without it browsers assume `100vw`. */
  readonly sizes?: string | undefined
  /**
   * Loads the picture at once and before others: for the largest picture of the first screen.
   * @default false
   */
  readonly priority?: boolean | undefined
  /**
   * Shows the placeholder of the manifest while the picture loads.
   * @default true
   */
  readonly placeholder?: boolean | undefined
}

/** The image, and its alternative text where the manifest has none. */
export type PictureContent =
  | { readonly src: DescribedAsset; readonly alt?: string | undefined }
  | {
      readonly src: ImageAsset
      /** Alternative text; `""` for decoration. */
      readonly alt: string
    }
