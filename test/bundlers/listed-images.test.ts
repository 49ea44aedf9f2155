import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import type { ImageAsset } from '../../src/module/image-asset.ts'
import { importBuilt } from './assert-image.ts'
import { BUNDLERS, buildWithVite, VITES } from './bundlers.ts'
import { SITE, writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

const LIST = 'meta/imagegen-manifest.json'

type List = Readonly<Record<string, ImageAsset>>

async function readList(root: string, file = LIST): Promise<List> {
  return JSON.parse(await readFile(path.join(root, 'dist', file), 'utf8'))
}

async function filesIn(root: string): Promise<readonly string[]> {
  const entries = await readdir(path.join(root, 'dist'), { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile())
    .map(({ parentPath, name }) => path.relative(root, path.join(parentPath, name)))
    .map(name => name.replaceAll('\\', '/').replace(/^dist\//, ''))
    .sort()
}

const FILES = {
  'src/site.image.yaml': SITE,
  'lib/logo.image.yaml': 'prompt: A logo </script>\nsize: 576x576\nalt: Logo </script>\n',
  'main.js': `export { hero } from './src/site.image.yaml'`,
}

const NAMES = [
  'lib/logo.image.yaml?image=logo',
  'src/site.image.yaml?image=hero',
  'src/site.image.yaml?image=hero-night',
  'src/site.image.yaml?image=og',
  'src/site.image.yaml?image=spare',
]

const without = (name: string) => BUNDLERS.filter(bundler => bundler.name !== name)

describe.each(without('farm'))('$name', bundler => {
  test('lists every image with its files, imported or not, each written once', async () => {
    const root = await writeSite(FILES)
    const { open } = createTestPipeline()
    const entry = await bundler.build({ root, open, options: { assets: LIST } })
    const list = await readList(root)
    expect(Object.keys(list).sort()).toEqual(NAMES)
    expect(await readFile(path.join(root, 'dist', LIST), 'utf8')).not.toContain('</script>')
    expect(list['src/site.image.yaml?image=og']?.src).toMatch(/og\/home\.png$/)

    const written = await filesIn(root)
    const pictures = written.filter(name => name.endsWith('.png'))
    const urls = Object.values(list).flatMap(({ src, srcset = '' }) => [
      src,
      ...srcset.split(', ').map(candidate => candidate.split(' ')[0] ?? ''),
    ])
    const named = new Set(
      urls.filter(Boolean).map(url => path.posix.join(path.posix.dirname(LIST), url)),
    )
    expect([...named].sort()).toEqual(pictures)
    expect(pictures).toHaveLength(6)

    const { hero } = await importBuilt(entry)
    const { src, ...facts } = list['src/site.image.yaml?image=hero'] ?? expect.unreachable()
    expect(path.posix.basename((hero as ImageAsset).src)).toBe(path.posix.basename(src))
    expect(facts).toMatchObject({ width: 64, height: 48, alt: 'Lighthouse <on> a cliff' })
    const file = path.join(root, 'dist', path.posix.dirname(LIST), src)
    expect(await sharp(file).metadata()).toMatchObject({ width: 64, height: 48 })
  })

  test('writes no list unless it is asked for', async () => {
    const root = await writeSite(FILES)
    await bundler.build({ root, open: createTestPipeline().open })
    expect((await filesIn(root)).filter(name => name.endsWith('.json'))).toEqual([])
  })

  test('two builds write the same list', async () => {
    const texts: string[] = []
    for (let build = 0; build < 2; build++) {
      const root = await writeSite(FILES)
      const { open } = createTestPipeline()
      await bundler.build({ root, open, options: { assets: LIST } })
      texts.push(await readFile(path.join(root, 'dist', LIST), 'utf8'))
    }
    expect(texts[0]).toBe(texts[1])
  })

  test('a fault in a manifest that no code imports is an error of the build', async () => {
    const root = await writeSite({ ...FILES, 'lib/logo.image.yaml': 'promt: x\n' })
    const { open } = createTestPipeline()
    const building = bundler.build({ root, open, options: { assets: LIST } })
    await expect(building).rejects.toThrow(/promt/)
  })
})

test('Farm says that it has no such list', async () => {
  const farm = BUNDLERS.find(({ name }) => name === 'farm')
  const root = await writeSite(FILES)
  const { open } = createTestPipeline()
  await expect(farm?.build({ root, open, options: { assets: LIST } })).rejects.toThrow(
    'Option `assets` does not work with Farm. Write a list of images with `imagegen export --data FILE` instead.',
  )
})

describe.each(Object.entries(VITES))('%s', (_name, load) => {
  test('its own manifest has a stable key for each picture, and with the list for all of them', async () => {
    const root = await writeSite(FILES)
    const build = (assets?: string) =>
      buildWithVite(
        load,
        { root, open: createTestPipeline().open, ...(assets && { options: { assets } }) },
        { base: '/static/', build: { manifest: true } },
      )
    const keys = async () => {
      const text = await readFile(path.join(root, 'dist/.vite/manifest.json'), 'utf8')
      const manifest: Record<string, { readonly file: string }> = JSON.parse(text)
      const ours = Object.keys(manifest).filter(key => key.includes('image.yaml?'))
      return { ours: ours.sort(), manifest }
    }
    await build()
    const first = await keys()
    expect(first.ours).toEqual([
      'src/site.image.yaml?image=hero',
      'src/site.image.yaml?image=hero&format=png&width=32',
      'src/site.image.yaml?image=og',
    ])
    expect(first.manifest['src/site.image.yaml?image=hero']?.file).toMatch(
      /^assets\/hero-64w-[\w-]+\.png$/,
    )
    await build('imagegen-manifest.json')
    const { ours, manifest } = await keys()
    expect(ours.filter(key => !key.includes('&'))).toEqual(NAMES)
    const list = await readList(root, 'imagegen-manifest.json')
    for (const name of NAMES) expect(list[name]?.src).toBe(`/static/${manifest[name]?.file}`)
  })
})
