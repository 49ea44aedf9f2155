import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import type { RenditionSource } from '../../src/renditions/rendition.ts'
import { sha256 } from '../../src/system/digest.ts'

/** A gradient with a bright left half, so that cropping and stretching can be told apart. */
export async function drawPng(width: number, height: number, channels: 3 | 4 = 3): Promise<Buffer> {
  const data = Buffer.alloc(width * height * channels)
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * channels
      data[at] = x < width / 2 ? 230 : 20
      data[at + 1] = Math.round((y / height) * 255)
      data[at + 2] = (x * 7 + y * 3) % 256
      if (channels === 4) data[at + 3] = y < height / 2 ? 0 : 255
    }
  }
  return sharp(data, { raw: { width, height, channels } }).png().toBuffer()
}

export async function writeSource(
  folder: string,
  bytes: Buffer,
  facts: Partial<RenditionSource> = {},
): Promise<RenditionSource> {
  const digest = sha256(bytes)
  const path = join(folder, digest)
  await writeFile(path, bytes)
  const { width, height } = await sharp(bytes).metadata()
  return { path, digest, format: 'png', width, height, composite: false, ...facts }
}
