import type { FILE_SETS, FixedFile } from '../../../config/output-settings.ts'

/** The usual sizes of an icon file. */
export const ICO_SIZES: readonly number[] = [16, 32, 48]

const square = (side: number) => ({ format: 'png', width: side, height: side }) as const

/** What the sets of `output.files` stand for. */
export const SETS: Readonly<Record<(typeof FILE_SETS)[number], readonly FixedFile[]>> = {
  icons: [
    { file: 'favicon.ico', format: 'png', sizes: ICO_SIZES, purpose: 'icon' },
    { file: 'apple-touch-icon.png', ...square(180), opaque: true, purpose: 'apple-touch-icon' },
    { file: 'icon-192.png', ...square(192), purpose: 'any' },
    { file: 'icon-512.png', ...square(512), purpose: 'any' },
    {
      file: 'icon-maskable-512.png',
      ...square(512),
      padding: 10,
      opaque: true,
      purpose: 'maskable',
    },
  ],
  social: [{ file: 'social.jpg', format: 'jpeg', width: 1200, height: 630 }],
}
