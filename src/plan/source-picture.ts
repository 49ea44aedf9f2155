import type { Digest } from '../system/digest.ts'
import type { RasterFormat } from '../system/picture-format.ts'
import type { ReferencePicture } from './reference-picture.ts'

/** The picture of a source image: a file of the project that nothing was requested for. */
export interface SourcePicture {
  /** Absolute path, after symbolic links are resolved. */
  readonly path: string
  /** Of the file's bytes. */
  readonly digest: Digest
  readonly format: RasterFormat
  /** Pixels, upright. */
  readonly width: number
  readonly height: number
  /** Bytes. */
  readonly size: number
}

/** The same, and what is sent of it where another image refers to it. */
export interface FoundSource {
  readonly source: SourcePicture
  readonly reference: ReferencePicture
}
