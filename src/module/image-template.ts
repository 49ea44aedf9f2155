import type { ImageId } from '../manifest/image-id.ts'
import type { Placeholder } from '../renditions/rendition.ts'
import type { Digest } from '../system/digest.ts'
import type { PictureExtension, RasterFormat } from '../system/picture-format.ts'

/** A file that the bundler has to emit. */
export interface AssetFile {
  /** Base name without extension and hash, ASCII letters, digits and dashes: `hero-640w`. */
  readonly name: string
  readonly extension: PictureExtension<RasterFormat> | 'svg'
  /** Names the content: same digest, same bytes. */
  readonly digest: Digest
  /** Emit under this very name instead of a hashed one (`output.file`). */
  readonly fixedName?: string
  /** Absolute path of the bytes on this machine. */
  readonly path: string
  /** Bytes. */
  readonly size: number
}

/** An {@link ImageAsset} whose URLs are not known yet: each stands as an {@link AssetFile}. */
export interface ImageTemplate {
  readonly id: ImageId
  /** Identifier of the named export. */
  readonly exportName: string
  readonly src: AssetFile
  readonly width: number
  readonly height: number
  readonly format: RasterFormat
  readonly type: `image/${string}`
  readonly srcset?: readonly SrcsetCandidate[]
  readonly sources?: readonly {
    readonly type: string
    readonly srcset: readonly SrcsetCandidate[]
  }[]
  readonly placeholder?: Placeholder
  readonly alt?: string
}

export interface SrcsetCandidate {
  readonly file: AssetFile
  /** Pixels, the `w` descriptor. */
  readonly width: number
}

/** All that the generated module of one manifest says. */
export interface ModuleTemplate {
  /** True: the default export is the image itself. */
  readonly single: boolean
  readonly images: readonly ImageTemplate[]
}
