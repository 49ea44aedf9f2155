import { extensionOf, type PictureExtension, type RasterFormat } from './picture-format.ts'

interface Kind {
  readonly format: RasterFormat
  /** Of an icon file alone, which holds pictures of the format. */
  readonly sizes?: readonly number[]
}

/** The extension of a file, without a dot. */
export function fileExtensionOf({ format, sizes }: Kind): PictureExtension<RasterFormat> | 'ico' {
  return sizes ? 'ico' : extensionOf(format)
}

/** The MIME type of a file. */
export function mimeTypeOf({ format, sizes }: Kind): `image/${string}` {
  return sizes ? 'image/x-icon' : `image/${format}`
}
