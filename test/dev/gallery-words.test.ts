import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Options } from '../../src/config/options.ts'
import type { GalleryWordsCheck } from '../../src/gallery/data/gallery-exchanges.ts'
import { API_KEY, importAsPage } from './dev-site.ts'
import { type GallerySite, startGallery } from './gallery-site.ts'

const MANIFEST = `# What the site shows.
defaults:
  style: Flat vector   # the brand's
images:
  hero:
    # Seen from the sea.
    prompt: A lighthouse on a cliff # as on the map
    size: 1024x1024
  night:
    prompt: The same at night
    references: [{ image: hero }]
    size: 1024x1024
`

const FILES = {
  'main.js': 'import { hero } from "./site.image.yaml"; console.log(hero)',
}

const HERO = { manifest: 'site.image.yaml', name: 'hero' }

const PRICED: Options = {
  budget: { images: 100, currency: 'EUR', prices: { '1024x1024': 0.25 } },
}

async function start(options: Options = PRICED) {
  const started = await startGallery(MANIFEST, { vary: true, files: FILES, vite: { options } })
  return { ...started, file: path.join(started.site.root, 'site.image.yaml') }
}

/** Makes both pictures. */
async function generate({ gallery, site }: GallerySite): Promise<void> {
  await gallery.post('actions', { action: 'generate', image: { ...HERO, name: 'night' } })
  await expect
    .poll(async () => (await gallery.data()).images.map(({ status }) => status.state))
    .toEqual(['ready', 'ready'])
  expect(site.api.billed).toBe(2)
}

describe('the words of an image', () => {
  test('are told as they are written, with what the defaults give', async () => {
    const { gallery } = await start()
    const words = await gallery.words(HERO)
    expect(words).toMatchObject({
      image: HERO,
      fields: { prompt: 'A lighthouse on a cliff', size: '1024x1024' },
      inherited: { style: 'Flat vector' },
      shared: [HERO],
      location: { path: 'site.image.yaml', line: 5, column: 3 },
    })
    expect(words).not.toHaveProperty('refusal')
  })

  test('are checked: the diff, what saving requests and costs, and nothing is written', async () => {
    const started = await start()
    const { gallery, read, site } = started
    await generate(started)
    const { digest } = await gallery.words(HERO)
    const edits = [{ path: ['prompt'], value: 'A lamp' }]
    const { status, body } = await gallery.post('words/check', { image: HERO, digest, edits })
    expect(status).toBe(200)
    const check: GalleryWordsCheck = body
    expect(check.diff.filter(({ kind }) => kind !== 'same')).toEqual([
      { kind: 'removed', line: 7, text: '    prompt: A lighthouse on a cliff # as on the map' },
      { kind: 'added', line: 7, text: '    prompt: A lamp # as on the map' },
    ])
    expect(check).toMatchObject({
      faults: [],
      requests: [
        { image: HERO, because: 'words', state: 'missing', price: { amount: 0.25 } },
        { image: { ...HERO, name: 'night' }, because: 'reference', state: 'blocked' },
      ],
      cost: { amount: 0.5, currency: 'EUR' },
      budget: { spent: 2, limit: 100 },
      canKeep: true,
    })
    expect(await read()).toBe(MANIFEST)
    expect(site.api.billed).toBe(2)
    // What no request depends on costs nothing.
    const alt = [{ path: ['output', 'position'], value: '30% 60%' }]
    const { body: free } = await gallery.post('words/check', { image: HERO, digest, edits: alt })
    expect(free).toMatchObject({ faults: [], requests: [], canKeep: false })
  })

  test('have their faults at the fields, and are not saved with them', async () => {
    const { gallery, read } = await start()
    const { digest } = await gallery.words(HERO)
    const edits = [
      { path: ['size'], value: '1023x77' },
      { path: ['output', 'position'], value: 'nowhere' },
      { path: ['prmpt'], value: 'x' },
      { path: ['prompt'], value: 'A {{lamp}}' },
    ]
    const { body } = await gallery.post('words/check', { image: HERO, digest, edits })
    const check: GalleryWordsCheck = body
    expect(check.faults.map(({ path: field }) => field?.join('.'))).toEqual(
      expect.arrayContaining(['output.position', 'prmpt']),
    )
    for (const { message, line } of check.faults) {
      expect(message).not.toBe('')
      expect(line).toBeGreaterThan(4)
    }
    const save = { image: HERO, digest, edits, pictures: 'hold' }
    const { status, body: refused } = await gallery.post('words/save', save)
    expect(status).toBe(409)
    expect(refused.error).toMatch(/^Nothing was written: /)
    expect(await read()).toBe(MANIFEST)
  })

  test('are written with comments and layout kept, and requested once', async () => {
    const started = await start()
    const { gallery, read, site } = started
    await generate(started)
    const { digest } = await gallery.words(HERO)
    const edits = [{ path: ['prompt'], value: 'A lamp' }]
    const saved = await gallery.post('words/save', {
      image: HERO,
      digest,
      edits,
      pictures: 'generate',
    })
    expect(saved.status).toBe(200)
    expect(await read()).toBe(MANIFEST.replace('A lighthouse on a cliff', 'A lamp'))
    await expect.poll(() => site.api.billed).toBe(4)
    await expect.poll(async () => (await gallery.image('night')).status.state).toBe('ready')
    expect((await gallery.words(HERO)).digest).toBe(saved.body.digest)
  })

  test('are saved without generating: an open page that imports them requests nothing', async () => {
    const started = await start({ ...PRICED, dev: { generate: 'auto' } })
    const { gallery, url, site, read } = started
    await importAsPage(url, 'site.image.yaml')
    await expect.poll(() => site.api.billed).toBe(2)
    await expect.poll(async () => (await gallery.image('night')).status.state).toBe('ready')
    const { digest } = await gallery.words(HERO)
    const edits = [{ path: ['prompt'], value: 'A lamp' }]
    const saved = await gallery.post('words/save', { image: HERO, digest, edits, pictures: 'hold' })
    expect(saved.status).toBe(200)
    expect(await read()).toContain('A lamp')
    const other = MANIFEST.replace('A lighthouse on a cliff', 'A lamp').replace(
      'style: Flat',
      'style:  Flat',
    )
    // The server reads the file again, and what is held stays so.
    await writeFile(started.file, `${other}  gull:\n    prompt: A gull\n    size: 1024x1024\n`)
    await expect.poll(() => site.api.billed).toBe(3)
    await expect.poll(async () => (await gallery.image('gull')).status.state).toBe('ready')
    expect((await gallery.image('hero')).status).toEqual({
      state: 'held',
      problem: 'Its words were saved without generating.',
    })
    expect(site.api.billed).toBe(3)
    // Until somebody asks.
    await gallery.post('actions', { action: 'generate', image: HERO })
    await expect.poll(async () => (await gallery.image('hero')).status.state).toBe('ready')
    expect(site.api.billed).toBe(4)
  })

  test('stay saved without generating when the server restarts', async () => {
    const { site, gallery, server, started } = await start()
    const { digest } = await gallery.words(HERO)
    const edits = [{ path: ['prompt'], value: 'A lamp' }]
    await gallery.post('words/save', { image: HERO, digest, edits, pictures: 'hold' })
    const token = (await gallery.data()).actions?.token
    await server.close()

    const { url: next, gallery: restarted } = await started({
      options: { dev: { generate: 'auto' } },
    })
    await importAsPage(next, 'site.image.yaml')
    await site.write({ 'gull.image.yaml': 'prompt: A gull\nsize: 1024x1024\n' })
    await importAsPage(next, 'gull.image.yaml')
    await expect.poll(async () => (await restarted.image('gull')).status.state).toBe('ready')
    expect(site.api.billed).toBe(1)
    expect((await restarted.image('hero')).status.state).toBe('held')
    expect((await restarted.image('night')).status.state).toBe('held')
    // The open page of the server before is told.
    const stale = await restarted.post('actions', { action: 'generate', image: HERO, token })
    expect(stale).toMatchObject({
      status: 403,
      body: { error: expect.stringContaining('restarted') },
    })
    await restarted.post('actions', { action: 'generate', image: { ...HERO, name: 'night' } })
    await expect.poll(async () => (await restarted.image('night')).status.state).toBe('ready')
    expect(site.api.billed).toBe(3)
  })

  test('are saved and the picture is kept, without a request', async () => {
    const started = await start({ ...PRICED, dev: { generate: 'auto' } })
    const { gallery, url, site } = started
    await importAsPage(url, 'site.image.yaml')
    await expect.poll(async () => (await gallery.image('night')).status.state).toBe('ready')
    const { picture } = await gallery.image('hero')
    const { digest } = await gallery.words(HERO)
    const edits = [
      { path: ['prompt'], value: 'A lamp' },
      { path: ['style'], value: 'Oil on canvas' },
    ]
    const saved = await gallery.post('words/save', { image: HERO, digest, edits, pictures: 'keep' })
    expect(saved).toMatchObject({ status: 200 })
    const hero = await gallery.image('hero')
    expect(hero).toMatchObject({ status: { state: 'ready' }, prompt: 'A lamp\n\nOil on canvas' })
    expect(hero.picture?.digest).toBe(picture?.digest)
    expect(hero.picture?.origin).toContain('kept')
    // What is made from it has the same picture to start from.
    expect((await gallery.image('night')).status.state).toBe('ready')
    expect(site.api.billed).toBe(2)
  })

  test('are refused once another program or tab changed the file, which stays as it is', async () => {
    const { gallery, file, read } = await start()
    const { digest } = await gallery.words(HERO)
    const edits = [{ path: ['prompt'], value: 'A lamp' }]
    const save = { image: HERO, digest, edits, pictures: 'hold' }
    const [first, second] = await Promise.all([
      gallery.post('words/save', save),
      gallery.post('words/save', { ...save, edits: [{ path: ['alt'], value: 'Lamp' }] }),
    ])
    // Of two tabs one wins, and the other one is told.
    expect([first.status, second.status].sort()).toEqual([200, 409])
    const text = await read()
    await writeFile(file, `${text}# by hand\n`)
    const late = await gallery.post('words/check', {
      ...save,
      digest: first.body.digest ?? second.body.digest,
      pictures: undefined,
    })
    expect(late).toEqual({
      status: 409,
      body: {
        error:
          'site.image.yaml changed since this page read it, so nothing was written. Read its words again.',
      },
    })
    expect(await read()).toBe(`${text}# by hand\n`)
  })

  test('are undone, the latest first, and not over a change by hand', async () => {
    const { gallery, file, read } = await start()
    const save = async (value: string) => {
      const { digest } = await gallery.words(HERO)
      const edits = [{ path: ['alt'], value }]
      return gallery.post('words/save', { image: HERO, digest, edits, pictures: 'hold' })
    }
    await save('one')
    await save('two')
    const { changes = [] } = await gallery.data()
    expect(changes).toMatchObject([
      { image: HERO, label: 'alt' },
      { image: HERO, label: 'alt', refusal: expect.stringContaining('changed since') },
    ])
    expect(changes[0]).not.toHaveProperty('refusal')
    expect((await gallery.post('undo', { change: changes[1]?.id })).status).toBe(409)
    expect((await gallery.post('undo', { change: changes[0]?.id })).status).toBe(200)
    expect(await read()).toBe(
      `${MANIFEST.replace('size: 1024x1024\n  night', 'size: 1024x1024\n    alt: one\n  night')}`,
    )
    await writeFile(file, `${await read()}# by hand\n`)
    const refused = await gallery.post('undo', { change: changes[1]?.id })
    expect(refused).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('changed since') },
    })
    await writeFile(file, (await read()).replace('# by hand\n', ''))
    expect((await gallery.post('undo', { change: changes[1]?.id })).status).toBe(200)
    expect(await read()).toBe(MANIFEST)
    expect((await gallery.data()).changes).toEqual([])
  })

  test('are undone after the server restarted, and nothing secret is kept for that', async () => {
    const { site, gallery, server, read, started } = await start()
    const { digest } = await gallery.words(HERO)
    const token = (await gallery.data()).actions?.token ?? 'none'
    const edits = [{ path: ['prompt'], value: 'A lamp' }]
    await gallery.post('words/save', { image: HERO, digest, edits, pictures: 'hold' })
    await server.close()
    const folder = path.join(site.root, '.imagegen/local/undo')
    for (const name of await readdir(folder)) {
      const text = await readFile(path.join(folder, name), 'utf8')
      for (const secret of [API_KEY, token]) expect(text).not.toContain(secret)
    }

    const { gallery: restarted } = await started()
    const { changes = [], changesProblem } = await restarted.data()
    expect(changes).toMatchObject([{ image: HERO, label: 'prompt' }])
    expect(changesProblem).toBe('')
    expect((await restarted.post('undo', { change: changes[0]?.id })).status).toBe(200)
    expect(await read()).toBe(MANIFEST)
    expect((await restarted.data()).changes).toEqual([])
  })

  test('are saved where undo cannot be kept, and that is said', async () => {
    const { site, gallery, read } = await start()
    await site.write({ '.imagegen/local/undo': 'a file in the place of the folder' })
    const { digest } = await gallery.words(HERO)
    const edits = [{ path: ['alt'], value: 'A lamp' }]
    const save = { image: HERO, digest, edits, pictures: 'hold' }
    expect(await gallery.post('words/save', save)).toMatchObject({
      status: 200,
      body: { problem: expect.stringContaining('only until the server stops') },
    })
    const { changes = [], changesProblem } = await gallery.data()
    expect(changesProblem).toContain('.imagegen/local/undo cannot be read')
    expect((await gallery.post('undo', { change: changes[0]?.id })).status).toBe(200)
    expect(await read()).toBe(MANIFEST)
  })

  test('of images that are gone, of other files, and of another site are refused', async () => {
    const { gallery, file, url } = await start()
    const { digest } = await gallery.words(HERO)
    const edits = [{ path: ['alt'], value: 'x' }]
    const save = { image: HERO, digest, edits, pictures: 'hold' }
    await expect(gallery.words({ ...HERO, manifest: '../package.json' })).rejects.toThrow(
      /409: There is no image/,
    )
    const evil = await gallery.post('words/save', save, { origin: 'https://evil.example' })
    expect(evil.status).toBe(403)
    const stale = await gallery.post('words/save', { ...save, token: 'x'.repeat(64) })
    expect(stale).toMatchObject({
      status: 403,
      body: { error: expect.stringContaining('restarted') },
    })
    const form = await gallery.post('words/save', save, { 'content-type': 'text/plain' })
    expect(form.status).toBe(415)
    const wrong = await gallery.post('words/save', { ...save, edits: [{ path: [], value: 1 }] })
    expect(wrong.status).toBe(400)
    const outside = { ...save, edits: [{ path: ['extends'], value: './x.image.yaml' }] }
    expect((await gallery.post('words/save', outside)).body.error).toContain(
      'not a field of an image',
    )
    // Removed while it is open.
    await writeFile(file, 'images:\n  gull: { prompt: A gull, size: 1024x1024 }\n')
    await expect.poll(async () => (await gallery.data()).images.length).toBe(1)
    expect(await gallery.post('words/save', save)).toMatchObject({
      status: 409,
      body: { error: expect.stringContaining('There is no image site.image.yaml#hero any more') },
    })
    expect((await fetch(`${url}__imagegen/words/check`)).status).toBe(405)
  })

  test('of a manifest with faults can still be read and mended', async () => {
    const { gallery, file, read } = await start()
    const broken = MANIFEST.replace('size: 1024x1024\n  night', 'size: 1x1\n  night')
    await writeFile(file, broken)
    await expect.poll(async () => (await gallery.data()).faults.length).toBe(1)
    const { digest, fields } = await gallery.words(HERO)
    expect(fields.size).toBe('1x1')
    const edits = [{ path: ['size'], value: '1024x1024' }]
    const saved = await gallery.post('words/save', { image: HERO, digest, edits, pictures: 'hold' })
    expect(saved.status).toBe(200)
    expect(await read()).toBe(MANIFEST)
    expect((await gallery.data()).faults).toEqual([])
  })
})
