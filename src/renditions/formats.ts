import type { RasterFormat } from '../manifest/manifest.ts'

export interface FormatInfo {
  readonly extension: 'png' | 'jpg' | 'webp' | 'avif'
  readonly type: `image/${string}`
  /** 1 to 100; absent where the format is written without loss. */
  readonly quality?: number
}

/** What each format is called, and the quality that it is written with unless `quality` says otherwise. */
export const FORMATS: Readonly<Record<RasterFormat, FormatInfo>> = {
  png: { extension: 'png', type: 'image/png' },
  jpeg: { extension: 'jpg', type: 'image/jpeg', quality: 80 },
  webp: { extension: 'webp', type: 'image/webp', quality: 80 },
  // AVIF's scale is another one: 50 looks about like 80 of JPEG.
  avif: { extension: 'avif', type: 'image/avif', quality: 50 },
}
