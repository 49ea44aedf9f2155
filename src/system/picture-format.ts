/** Formats that renditions are written in. */
export const RASTER_FORMATS = ['png', 'jpeg', 'webp', 'avif'] as const

/** Formats that the API takes as references. */
export const REFERENCE_FORMATS = ['png', 'jpeg', 'webp'] as const

/** Formats that an API may answer with, though a PNG is requested. */
export const PICTURE_FORMATS = [...RASTER_FORMATS, 'gif', 'tiff'] as const

/** A format that renditions can have. */
export type RasterFormat = (typeof RASTER_FORMATS)[number]
export type ReferenceFormat = (typeof REFERENCE_FORMATS)[number]
/** A format that an original can have. */
export type PictureFormat = (typeof PICTURE_FORMATS)[number]

/** File name extensions, without the dot. The first one of a format is the one to write. */
const EXTENSIONS = {
  png: ['png'],
  jpeg: ['jpg', 'jpeg'],
  webp: ['webp'],
  avif: ['avif'],
  gif: ['gif'],
  tiff: ['tif', 'tiff'],
} as const

/** The extension of a picture's file, without a dot. */
export type PictureExtension<Format extends PictureFormat = PictureFormat> =
  (typeof EXTENSIONS)[Format][0]

export function extensionOf<Format extends PictureFormat>(
  format: Format,
): PictureExtension<Format> {
  return EXTENSIONS[format][0]
}

/** The format that a file's name announces. Takes an extension without the dot, in either case. */
export function formatOfExtension(extension: string): PictureFormat | undefined {
  const folded = extension.toLowerCase()
  return PICTURE_FORMATS.find(format => EXTENSIONS[format].some(known => known === folded))
}

export function isReferenceFormat(format: PictureFormat | undefined): format is ReferenceFormat {
  return REFERENCE_FORMATS.some(known => known === format)
}

export function isRasterFormat(format: PictureFormat | undefined): format is RasterFormat {
  return RASTER_FORMATS.some(known => known === format)
}
