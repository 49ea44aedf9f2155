import type { ImageId } from '../manifest/image-id.ts'
import type { Digest } from '../system/digest.ts'
import type { PictureExtension, RasterFormat } from '../system/picture-format.ts'
import type { ImageAsset } from './image-asset.ts'

/** What a file is of, as a URL names it: `src/site.image.yaml?image=hero&format=webp&width=640`. */
export interface FileOrigin {
  /** Path of the manifest relative to the root, with slashes. */
  readonly manifest: string
  /** Without the question mark. Only the image for the file of `src`. */
  readonly query: string
}

/** A file that the bundler has to emit. */
export interface AssetFile {
  /** Base name without extension and hash, ASCII letters, digits and dashes: `hero-640w`. */
  readonly name: string
  readonly origin: FileOrigin
  readonly extension: PictureExtension<RasterFormat> | 'svg' | 'ico'
  /** Names the content: same digest, same bytes. */
  readonly digest: Digest
  /** Emit under this very name instead of a hashed one (`output.file`, `output.files`). */
  readonly fixedName?: string
  /** Absolute path of the bytes on this machine. */
  readonly path: string
  /** Bytes. */
  readonly size: number
}

/** An image whose files exist, but do not have URLs yet. */
export interface ImageTemplate {
  readonly id: ImageId
  /** Identifier of the named export. */
  readonly exportName: string
  /** What to emit for the image: first the file of `src`, then the others. A file may be listed twice. */
  readonly files: readonly AssetFile[]
  /** The object that code gets. Calls `urlOf` with each of `files` that the object names. */
  assemble(urlOf: (file: AssetFile) => string): ImageAsset
}

/** The generated module of one manifest. */
export interface ModuleTemplate {
  /** True: the default export is the image itself. */
  readonly single: boolean
  readonly images: readonly ImageTemplate[]
}
