import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import type { OutputSettings } from '../../src/manifest/manifest.ts'
import { createRenditions } from '../../src/renditions/create-renditions.ts'
import { temporaryFolder } from '../support/folder.ts'
import { drawPng, writeSource } from './pictures.ts'

async function render(output: OutputSettings, channels: 3 | 4 = 3): Promise<readonly string[]> {
  const folder = await temporaryFolder()
  const source = await writeSource(folder, await drawPng(120, 90, channels))
  const renditions = createRenditions({ cacheDir: join(folder, 'cache'), pixels: 3840 })
  const plan = renditions.plan(source, output)
  const files = await renditions.render(source, plan)
  return files.slice(1).map(({ path }) => path)
}

async function pixelsIn(path: string) {
  const { data, info } = await sharp(path).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  const at = (x: number, y: number) => [...data.subarray(4 * (y * info.width + x)).subarray(0, 4)]
  return { width: info.width, height: info.height, at }
}

it('writes icon files that hold a PNG of each size', async () => {
  const sizes = [48, 16, 32]
  const [path = ''] = await render({ files: [{ file: 'favicon.ico', format: 'png', sizes }] })
  expect(path.endsWith('.ico')).toBe(true)
  const bytes = await readFile(path)
  expect([0, 2, 4].map(at => bytes.readUInt16LE(at))).toEqual([0, 1, 3])
  let end = 6 + 3 * 16
  for (const [index, side] of [16, 32, 48].entries()) {
    const entry = bytes.subarray(6 + 16 * index)
    expect([entry[0], entry[1]]).toEqual([side, side])
    const [length, offset] = [entry.readUInt32LE(8), entry.readUInt32LE(12)]
    expect(offset).toBe(end)
    end += length
    const picture = await sharp(bytes.subarray(offset, end)).metadata()
    expect(picture).toMatchObject({ format: 'png', width: side, height: side })
  }
  expect(bytes.length).toBe(end)
})

it('leaves free space around a padded picture, and fills it where transparency is unwanted', async () => {
  const box = { format: 'png', width: 50, height: 50, padding: 10 } as const
  const files = [
    { file: 'a.png', ...box },
    { file: 'b.png', ...box, opaque: true },
  ]
  const [free = '', full = ''] = await render({ files })
  const [transparent, white] = await Promise.all([pixelsIn(free), pixelsIn(full)])
  expect(transparent).toMatchObject({ width: 50, height: 50 })
  expect([4, 45].map(x => transparent.at(x, 25)[3])).toEqual([0, 0])
  expect([5, 44].map(x => transparent.at(x, 25)[3])).toEqual([255, 255])
  expect([4, 45].map(x => white.at(x, 25))).toEqual(Array(2).fill([255, 255, 255, 255]))
})

it('has the same content under two names once, and keeps the keys of other files', async () => {
  const folder = await temporaryFolder()
  const source = await writeSource(folder, await drawPng(120, 90))
  const renditions = createRenditions({ cacheDir: join(folder, 'cache'), pixels: 3840 })
  const keysOf = (output: OutputSettings) => {
    const { formats, files = [] } = renditions.plan(source, output)
    return [formats, files].map(planned => planned.flat().map(({ key }) => key))
  }
  const shown = { formats: ['webp', 'png'], widths: [60] } satisfies OutputSettings
  const file = { format: 'png', width: 60 } as const
  const files = ['a.png', 'b.png'].map(name => ({ file: name, ...file }))
  const [own = [], named = []] = keysOf({ ...shown, files })
  expect(own).toEqual(keysOf(shown)[0])
  expect(named).toEqual([own[1], own[1]])
})
