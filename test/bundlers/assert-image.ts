import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import sharp from 'sharp'
import { expect } from 'vitest'
import type { ImageAsset } from '../../src/module/image-asset.ts'

/** Executes a built entry. */
export async function importBuilt(entry: string): Promise<Record<string, unknown>> {
  return import(`${pathToFileURL(entry).href}?${process.hrtime.bigint()}`)
}

/** Every URL of the image leads to an emitted picture of the stated dimensions. */
export async function assertImage(value: unknown, folder: string, base = ''): Promise<ImageAsset> {
  const image = value as ImageAsset
  expect(image).toMatchObject({ src: expect.any(String), width: expect.any(Number) })
  const { width, height, format } = await sharp(fileOf(image.src, folder, base)).metadata()
  expect({ width, height, format }).toEqual({
    width: image.width,
    height: image.height,
    format: image.format,
  })
  for (const srcset of [image.srcset, ...(image.sources ?? []).map(source => source.srcset)]) {
    for (const candidate of srcset?.split(', ') ?? []) {
      const [url = '', descriptor] = candidate.split(' ')
      const picture = await sharp(fileOf(url, folder, base)).metadata()
      expect(`${picture.width}w`).toBe(descriptor)
    }
  }
  return image
}

function fileOf(url: string, folder: string, base: string): string {
  if (url.startsWith('file:')) return fileURLToPath(url)
  expect(url.startsWith(base), `${url} below ${base}`).toBe(true)
  return path.join(folder, decodeURI(url.slice(base.length)))
}

/** Names of the pictures in a folder, sorted; the hash is left out. */
export async function emittedPictures(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true })
  return files
    .filter(file => /\.(?:png|webp|jpe?g|avif)$/.test(file))
    .map(file => path.basename(file).replace(/-[\w-]{8}(?=\.)/, ''))
    .sort()
}
