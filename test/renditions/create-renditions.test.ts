import { execFile } from 'node:child_process'
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { CorruptOriginalError } from '../../src/errors/corrupt-original-error.ts'
import { RenditionError } from '../../src/errors/rendition-error.ts'
import type { OutputSettings, RasterFormat } from '../../src/manifest/manifest.ts'
import { createRenditions } from '../../src/renditions/create-renditions.ts'
import type { RenditionSource } from '../../src/renditions/rendition.ts'
import { temporaryFolder } from '../support/folder.ts'
import { drawPng, writeSource } from './pictures.ts'

const ALL: readonly RasterFormat[] = ['avif', 'webp', 'jpeg', 'png']
const DAY = 86_400_000

function open(
  folder: string,
  options: { now?: () => number; onWarning?: (m: string) => void } = {},
) {
  return createRenditions({ cacheDir: join(folder, 'cache'), pixels: 3840, ...options })
}

async function render(folder: string, source: RenditionSource, output: OutputSettings) {
  const renditions = open(folder)
  return renditions.render(source, renditions.plan(source, output))
}

describe('render', () => {
  it('makes every format in every width, with the planned sizes', async () => {
    const folder = await temporaryFolder()
    const source = await writeSource(folder, await drawPng(120, 80))
    const files = await render(folder, source, { formats: ALL, widths: [30, 60] })
    const found = await Promise.all(
      files.map(async ({ path, size, rendition }) => {
        const { format, width, height } = await sharp(path).metadata()
        expect((await stat(path)).size).toBe(size)
        expect([width, height]).toEqual([rendition.width, rendition.height])
        return `${format} ${width}`
      }),
    )
    expect(found).toEqual(
      ['heif', 'webp', 'jpeg', 'png'].flatMap(format => [`${format} 30`, `${format} 60`]),
    )
  })

  it.each(ALL)('says in XMP where a %s comes from', async format => {
    const folder = await temporaryFolder()
    const source = await writeSource(folder, await drawPng(16, 16))
    for (const [composite, type] of [
      [false, 'trainedAlgorithmicMedia'],
      [true, 'compositeWithTrainedAlgorithmicMedia'],
    ] as const) {
      const [file] = await render(folder, { ...source, composite }, { formats: [format] })
      const { xmpAsString } = await sharp(file?.path).metadata()
      expect(xmpAsString).toContain(`http://cv.iptc.org/newscodes/digitalsourcetype/${type}<`)
    }
  })

  it('hands the original out as it is, without touching it', async () => {
    const folder = await temporaryFolder()
    const source = await writeSource(folder, await drawPng(16, 16))
    const [file] = await render(folder, source, {})
    expect(file).toMatchObject({ path: source.path, digest: source.digest })
    expect(await readdir(folder)).toEqual([source.digest])
  })

  it('keeps transparency, and puts white behind it in JPEG', async () => {
    const folder = await temporaryFolder()
    const source = await writeSource(folder, await drawPng(40, 40, 4))
    const files = await render(folder, source, { formats: ALL, widths: [20] })
    for (const { path, rendition } of files) {
      const pixels = await sharp(path).ensureAlpha().raw().toBuffer()
      const top = [...pixels.subarray(0, 4)]
      if (rendition.format === 'jpeg') expect(Math.min(...top)).toBeGreaterThan(245)
      else expect(top[3]).toBeLessThan(10)
    }
  })

  it.each([
    ['cover', [230, 20]],
    ['fill', [230, 20]],
    ['contain', [0, 0]],
  ] as const)('fits by %s', async (fit, [left, right]) => {
    const folder = await temporaryFolder()
    const source = await writeSource(folder, await drawPng(100, 40))
    const output = { formats: ['png'], widths: [40], aspect: [1, 1], fit } as const
    const [file] = await render(folder, source, output)
    const { data, info } = await sharp(file?.path).raw().toBuffer({ resolveWithObject: true })
    expect([info.width, info.height]).toEqual([40, 40])
    expect(Math.abs((data[0] ?? 0) - left)).toBeLessThan(30)
    expect(Math.abs((data[39 * info.channels] ?? 0) - right)).toBeLessThan(30)
  })

  it('converts greyscale, 16 bit and another colour space to 8-bit sRGB', async () => {
    const folder = await temporaryFolder()
    const red = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#ff0000' } })
      .withIccProfile('p3')
      .png()
      .toBuffer()
    const grey = await sharp(await drawPng(8, 8))
      .greyscale()
      .png()
      .toBuffer()
    const deep = await sharp(await drawPng(8, 8))
      .toColourspace('rgb16')
      .png()
      .toBuffer()
    for (const bytes of [red, grey, deep]) {
      const source = await writeSource(folder, bytes)
      const [file] = await render(folder, source, { formats: ['png'] })
      expect(await sharp(file?.path).metadata()).toMatchObject({
        depth: 'uchar',
        channels: 3,
        hasProfile: false,
      })
    }
  })

  it('makes the same bytes again', async () => {
    const one = await temporaryFolder()
    const other = await temporaryFolder()
    const digests = await Promise.all(
      [one, other].map(async path => {
        const source = await writeSource(path, await drawPng(64, 48))
        const files = await render(path, source, { formats: ALL, widths: [32] })
        return files.map(({ digest }) => digest)
      }),
    )
    expect(digests[0]).toEqual(digests[1])
  })

  it('refuses an original whose bytes are others', async () => {
    const folder = await temporaryFolder()
    const source = await writeSource(folder, await drawPng(16, 16))
    await writeFile(source.path, await drawPng(17, 16))
    await expect(render(folder, source, { formats: ['webp'] })).rejects.toThrow(
      CorruptOriginalError,
    )
  })

  it('says what could not be made', async () => {
    const folder = await temporaryFolder()
    const source = await writeSource(folder, await drawPng(16, 16))
    await writeFile(join(folder, 'cache'), 'a file where the folder should be')
    const attempt = render(folder, source, { formats: ['webp'] })
    await expect(attempt).rejects.toThrow(RenditionError)
    await expect(attempt).rejects.toThrow(/The webp of 16×16 pixels could not be created/)
  })
})

describe('the cache', () => {
  const output: OutputSettings = { formats: ['webp', 'png'], widths: [16], placeholder: 'blur' }

  it('serves without the original', async () => {
    const folder = await temporaryFolder()
    const source = await writeSource(folder, await drawPng(32, 32))
    const made = await render(folder, source, output)
    await rm(source.path)
    expect(await render(folder, source, output)).toEqual(made)
    expect(await open(folder).placeholder(source, 'blur')).toMatchObject({
      dataUrl: expect.stringMatching(/^data:image\/webp;base64,/),
    })
  })

  it.each<[string, (path: string, size: number) => Promise<void>]>([
    ['deleted', path => rm(path)],
    ['truncated', (path, size) => truncate(path, size - 1)],
    ['emptied', path => truncate(path, 0)],
    [
      'overwritten with garbage of the same size',
      (path, size) => writeFile(path, 'x'.repeat(size)),
    ],
    [
      'overwritten under its old time',
      async (path, size) => {
        const { atime, mtime } = await stat(path)
        await writeFile(path, 'x'.repeat(size))
        await utimes(path, atime, mtime)
      },
    ],
  ])('makes again what was %s', async (_, damage) => {
    const folder = await temporaryFolder()
    const source = await writeSource(folder, await drawPng(32, 32))
    const later = { now: () => Date.now() + 60_000 }
    const first = open(folder, later)
    const plan = first.plan(source, output)
    const made = await first.render(source, plan)
    await first.render(source, plan) // its files count as settled now: their digests are remembered
    const contents = await Promise.all(made.map(({ path }) => readFile(path)))
    for (const { path, size } of made) await damage(path, size)

    const again = await open(folder, later).render(source, plan)
    expect(again).toEqual(made)
    expect(await Promise.all(again.map(({ path }) => readFile(path)))).toEqual(contents)
  })

  it.each([
    '',
    '{',
    'null',
    '{"version":2}',
    '{"version":1,"renditions":{"__proto__":1},"placeholders":{}}',
  ])('makes everything again when its record is %j', async text => {
    const folder = await temporaryFolder()
    const source = await writeSource(folder, await drawPng(32, 32))
    const made = await render(folder, source, output)
    await writeFile(join(folder, 'cache/records', `${source.digest}.json`), text)
    expect(await render(folder, source, output)).toEqual(made)
  })

  it('leaves no temporary files', async () => {
    const folder = await temporaryFolder()
    const source = await writeSource(folder, await drawPng(32, 32))
    await render(folder, source, output)
    const names = await readdir(join(folder, 'cache'), { recursive: true })
    expect(names.filter(name => name.endsWith('.tmp'))).toEqual([])
  })

  it('is enough when it cannot be written to', async () => {
    const folder = await temporaryFolder()
    await chmod(folder, 0o755)
    const source = await writeSource(folder, await drawPng(32, 32))
    const made = await render(folder, source, output)
    const records = join(folder, 'cache/records')
    await chmod(records, 0o555)
    const warnings: string[] = []
    const onWarning = (message: string) => warnings.push(message)
    const tomorrow = open(folder, { now: () => Date.now() + DAY, onWarning })
    const isRoot = process.getuid?.() === 0
    // Root may write everywhere; nobody may not.
    if (isRoot) process.seteuid?.(65_534)
    const files = await tomorrow.render(source, tomorrow.plan(source, output)).finally(() => {
      if (isRoot) process.seteuid?.(0)
    })
    await chmod(records, 0o755)
    expect(files).toEqual(made)
    expect(warnings).toHaveLength(1)
  })
})

describe('renderOne', () => {
  it('makes a rendition once for all who ask meanwhile', async () => {
    const folder = await temporaryFolder()
    const source = await writeSource(folder, await drawPng(32, 32))
    const renditions = open(folder)
    const plan = renditions.plan(source, { formats: ['webp', 'png'], widths: [8, 16] })
    const wanted = plan.formats.flat()
    const [all, ...single] = await Promise.all([
      renditions.render(source, plan),
      ...wanted.map(rendition => renditions.renderOne(source, rendition)),
      ...wanted.map(rendition => renditions.renderOne(source, rendition)),
    ])
    expect(single).toEqual([...all, ...all])
    expect(await readdir(join(folder, 'cache/records'))).toHaveLength(1)
    await rm(source.path)
    expect(await open(folder).render(source, plan)).toEqual(all)
  })
})

describe('placeholders', () => {
  it('are a colour, a tiny picture, or a ThumbHash', async () => {
    const folder = await temporaryFolder()
    const bytes = await sharp({
      create: { width: 60, height: 40, channels: 3, background: '#336699' },
    })
      .png()
      .toBuffer()
    const source = await writeSource(folder, bytes)
    const renditions = open(folder)
    expect(await renditions.placeholder(source, 'none')).toBeUndefined()
    expect(await renditions.placeholder(source, 'color')).toEqual({ color: '#336699' })
    const blur = await renditions.placeholder(source, 'blur')
    const [head, data = ''] = blur?.dataUrl?.split(',') ?? []
    expect(head).toBe('data:image/webp;base64')
    expect(data.length).toBeLessThan(400)
    expect(await sharp(Buffer.from(data, 'base64')).metadata()).toMatchObject({
      width: 24,
      height: 16,
    })
    const { thumbhash = '' } = (await renditions.placeholder(source, 'thumbhash')) ?? {}
    const { thumbHashToAverageRGBA } = await import('thumbhash')
    const { r, g, b } = thumbHashToAverageRGBA(Buffer.from(thumbhash, 'base64'))
    const average = [r, g, b].map(part => Math.round(part * 255))
    for (const [index, value] of [0x33, 0x66, 0x99].entries()) {
      expect(Math.abs((average[index] ?? 0) - value)).toBeLessThan(12)
    }
  })

  it('do not count what is transparent', async () => {
    const folder = await temporaryFolder()
    const source = await writeSource(folder, await drawPng(40, 40, 4))
    const placeholder = await open(folder).placeholder(source, 'color')
    const green = Number.parseInt(placeholder?.color.slice(3, 5) ?? '', 16)
    expect(green).toBeGreaterThan(170)
  })
})

it('loads no encoder to plan, to look up and to serve what is cached', async () => {
  const folder = await temporaryFolder()
  const source = await writeSource(folder, await drawPng(32, 32))
  const output = { formats: ['webp'], widths: [16], placeholder: 'thumbhash' } as const
  const made = await render(folder, source, output)
  const bundle = join(folder, 'renditions.mjs')
  await build({
    entryPoints: [
      fileURLToPath(new URL('../../src/renditions/create-renditions.ts', import.meta.url)),
    ],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['sharp'],
  })
  // Beside the bundle lies a sharp of the same version that cannot be loaded.
  const fake = join(folder, 'node_modules/sharp')
  await mkdir(fake, { recursive: true })
  await writeFile(
    join(fake, 'package.json'),
    JSON.stringify({ name: 'sharp', version: sharp.versions.sharp, main: 'index.js' }),
  )
  await writeFile(join(fake, 'index.js'), 'throw new Error("sharp was loaded")')
  const script = `
    import { createRenditions } from ${JSON.stringify(bundle)}
    const source = ${JSON.stringify(source)}
    const cacheDir = ${JSON.stringify(join(folder, 'cache'))}
    const renditions = createRenditions({ cacheDir, pixels: 3840 })
    const plan = renditions.plan(source, ${JSON.stringify(output)})
    const files = await renditions.render(source, plan)
    await renditions.placeholder(source, plan.placeholder)
    console.log(JSON.stringify(files))`
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script])
  expect(JSON.parse(stdout)).toEqual(made)
})
