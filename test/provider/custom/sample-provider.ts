import sharp from 'sharp'
import type { ImageProvider } from '../../../src/api.ts'
import { defineProvider } from '../../../src/api.ts'

/** A picture of one colour. */
export function aPicture(
  background = '#38bdf8',
  { width = 32, height = 32 } = {},
): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 4, background } })
    .png()
    .toBuffer()
}

/** A provider that answers with a picture at once, unless told otherwise. */
export function sampleProvider(
  generate: ImageProvider['generate'] = async () => ({ picture: await aPicture() }),
  rest: Partial<ImageProvider> = {},
): ImageProvider {
  return defineProvider({ name: 'acme', ...rest, generate })
}
