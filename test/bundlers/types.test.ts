import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { Options } from '../../src/config/options.ts'
import imagegen from '../../src/vite.ts'
import type { ApiServer } from '../api-server/server.ts'
import { startApi } from '../support/project.ts'
import { importBuilt } from './assert-image.ts'
import { writeSite } from './sample-site.ts'

const TYPES = '.imagegen/types/site.image.d.yaml.ts'
const manifest = (size: string) => `images:
  hero:
    prompt: A lighthouse on a cliff
    size: ${size}
    references: [ref.png]
`

async function openSite(): Promise<{ readonly root: string; readonly api: ApiServer }> {
  const api = await startApi({ scale: 1 / 16 })
  vi.stubEnv('LLMEASY_API_KEY', 'test-key')
  vi.stubEnv('LLMEASY_BASE_URL', api.url)
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const { default: sharp } = await import('sharp')
  const blank = { width: 8, height: 8, channels: 3, background: 'teal' } as const
  const root = await writeSite({
    'site.image.yaml': manifest('1024x1024'),
    'ref.png': await sharp({ create: blank }).png().toBuffer(),
    'main.js': `export { hero } from './site.image.yaml'`,
  })
  return { root, api }
}

async function buildSite(root: string, options: Options = {}, watch?: object) {
  const { build } = await import('vite')
  return build({
    root,
    base: './',
    configFile: false,
    logLevel: 'silent',
    plugins: [imagegen(options)],
    build: {
      ...(watch && { watch }),
      rollupOptions: {
        input: path.join(root, 'main.js'),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: 'main.js' },
      },
    },
  })
}

test('a build writes exact types, and only when they changed', async () => {
  const { root } = await openSite()
  const file = path.join(root, TYPES)
  await buildSite(root)
  expect(await readFile(file, 'utf8')).toContain('readonly width: 64')
  const before = await stat(file)
  await buildSite(root)
  expect((await stat(file)).ino).toBe(before.ino)
  expect((await stat(file)).mtimeMs).toBe(before.mtimeMs)
  await writeFile(path.join(root, 'site.image.yaml'), manifest('1536x1024'))
  await buildSite(root)
  expect(await readFile(file, 'utf8')).toContain('readonly width: 96')
})

test('a build writes no types that are not wanted', async () => {
  const { root } = await openSite()
  await buildSite(root, { types: false })
  await expect(stat(path.join(root, '.imagegen/types'))).rejects.toThrow('ENOENT')
})

test('types that cannot be written are a warning', async () => {
  const { root } = await openSite()
  await buildSite(root, { types: false })
  // A file in the folder's place: also root cannot write below it.
  await writeFile(path.join(root, '.imagegen/types'), '')
  vi.stubEnv('IMAGEGEN_MODE', 'frozen')
  const warnings: string[] = []
  const { build } = await import('vite')
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    plugins: [imagegen()],
    build: {
      rollupOptions: {
        input: path.join(root, 'main.js'),
        onwarn({ message }) {
          warnings.push(message)
        },
      },
    },
  })
  expect(warnings.join('\n')).toContain('The types of site.image.yaml could not be written')
})

test.each(['mirror', 'sidecar'] as const)(
  'a watching build with types as %s settles, and sees a missing reference come',
  async types => {
    const { root, api } = await openSite()
    const reference = path.join(root, 'ref.png')
    const picture = await readFile(reference)
    const watcher = await buildSite(root, { types }, {})
    if (!('on' in watcher)) throw new Error('Vite does not watch.')
    onTestFinished(() => watcher.close())
    const codes: string[] = []
    watcher.on('event', ({ code }) => {
      codes.push(code)
    })
    const ends = () => codes.filter(code => code === 'END').length
    const hero = async () =>
      (await importBuilt(path.join(root, 'dist/main.js')).catch(() => ({ hero: undefined }))).hero

    await expect.poll(hero, { timeout: 10_000 }).toMatchObject({ width: 64 })
    await writeFile(path.join(root, 'site.image.yaml'), manifest('1536x1024'))
    await expect.poll(hero, { timeout: 10_000 }).toMatchObject({ width: 96 })
    await rm(reference)
    await expect.poll(() => codes, { timeout: 10_000 }).toContain('ERROR')
    const built = ends()
    await writeFile(reference, picture)
    await expect.poll(ends, { timeout: 10_000 }).toBeGreaterThan(built)
    expect(api.count).toBe(2)
    // Four changes, of which a watcher may see parts; a loop would go on building.
    expect(codes.filter(code => code === 'START').length).toBeLessThanOrEqual(8)
  },
)
