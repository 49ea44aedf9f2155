import { mkdir, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { GalleryHistory, GalleryUsage } from '../../src/gallery/data/gallery-exchanges.ts'
import { commitAll } from '../support/git.ts'
import { startGallery } from './gallery-site.ts'

const MANIFEST = `images:
  hero:
    prompt: A lighthouse
    size: 1024x1024
  night:
    prompt: The same at night
    references: [{ image: logo }]
    size: 1024x1024
  logo: { prompt: A logo, size: 1024x1024 }
  unused: { prompt: Nobody, size: 1024x1024 }
`

const FILES = {
  'index.html': '<!doctype html><script type="module" src="/main.js"></script>',
  'main.js': 'import { hero } from "./site.image.yaml"\nimport "virtual:more"\nconsole.log(hero)',
  'style.css': 'body { background: url(./site.image.yaml?image=night) }',
}

const HERO = { manifest: 'site.image.yaml', name: 'hero' }

const start = () => startGallery(MANIFEST, { files: FILES })

test('says which files use an image, and which images nobody uses', async () => {
  const { gallery } = await start()
  const usage: GalleryUsage = await (await gallery.get('usage')).json()
  expect(usage.scope).toBe('complete')
  const uses = usage.images.map(({ image, uses: own }) => [image.name, own.map(use => use.path)])
  expect(Object.fromEntries(uses)).toEqual({
    hero: ['main.js'],
    night: ['style.css'],
    logo: ['site.image.yaml'],
  })
  expect(usage.images[0]?.uses[0]?.editorUrl).toContain('/__open-in-editor?file=')
})

/** What the page sends when a file is dropped on an image. */
async function drop(
  url: string,
  token: string,
  bytes: Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = {},
) {
  const answer = await fetch(`${url}__imagegen/adopt?${new URLSearchParams(HERO)}`, {
    method: 'PUT',
    headers: {
      'content-type': 'application/octet-stream',
      origin: new URL(url).origin,
      'x-imagegen-token': token,
      'x-imagegen-file': encodeURIComponent('Größe 1.png'),
      ...headers,
    },
    body: bytes,
  })
  return { status: answer.status, body: await answer.json() }
}

const picture = async (color: string) =>
  new Uint8Array(
    await sharp({ create: { width: 1024, height: 1024, channels: 3, background: color } })
      .png()
      .toBuffer(),
  )

test('adopts a dropped picture as the original, and the next one as the next revision', async () => {
  const { gallery, url, read, site } = await start()
  const token = (await gallery.data()).actions?.token ?? ''
  expect(await drop(url, token, await picture('#f00'))).toMatchObject({ status: 200 })
  const hero = await gallery.image('hero')
  expect(hero).toMatchObject({
    status: { state: 'ready' },
    picture: { width: 1024, origin: 'adopted from Größe 1.png' },
  })
  expect(await read()).toBe(MANIFEST)
  expect((await drop(url, token, await picture('#00f'))).status).toBe(200)
  expect(await read()).toContain('revision: 2')
  const { changes = [] } = await gallery.data()
  expect(changes).toMatchObject([{ label: 'revision', image: HERO }])
  await gallery.post('undo', { change: changes[0]?.id })
  expect(await read()).toBe(MANIFEST)
  expect((await gallery.image('hero')).picture?.digest).toBe(hero.picture?.digest)
  expect(site.api.count).toBe(0)
})

test('a dropped file that is no picture is one clear error, and others may not drop anything', async () => {
  const { gallery, url } = await start()
  const token = (await gallery.data()).actions?.token ?? ''
  const text = new Uint8Array(Buffer.from('<svg onload="alert(1)">'))
  const { status, body } = await drop(url, token, text)
  expect(status).toBe(409)
  expect(body.error).toMatch(/^site\.image\.yaml#hero: Größe 1\.png cannot be adopted\. /)
  expect((await drop(url, token, new Uint8Array())).body.error).toContain('the file is empty')
  expect((await drop(url, 'wrong', text)).status).toBe(403)
  expect((await drop(url, token, text, { origin: 'https://evil.example' })).status).toBe(403)
  expect((await drop(url, token, text, { 'content-type': 'text/plain' })).status).toBe(415)
  expect((await gallery.image('hero')).status.state).toBe('missing')
})

test('tells the history of an image’s words from the repository, across a new name', async () => {
  const { site, gallery, read: readText, started } = await start()
  const file = path.join(site.root, 'site.image.yaml')
  const read = async (client = gallery, manifest = 'site.image.yaml'): Promise<GalleryHistory> =>
    (await client.get(`history?${new URLSearchParams({ ...HERO, manifest })}`)).json()
  expect(await read()).toEqual({ versions: [], isCut: false })

  commitAll(site.root, 'Begin the site')
  await writeFile(file, MANIFEST.replace('A lighthouse', 'A lamp'))
  commitAll(site.root, 'Show a lamp')
  await writeFile(file, (await readText()).replace('A logo', 'Another logo'))
  commitAll(site.root, 'Another logo')
  expect((await read()).versions).toMatchObject([
    { subject: 'Show a lamp', author: 'Ana', fields: { prompt: 'A lamp', size: '1024x1024' } },
    { subject: 'Begin the site', fields: { prompt: 'A lighthouse' } },
  ])
  await mkdir(path.join(site.root, 'src'))
  await rename(file, path.join(site.root, 'src/pages.image.yaml'))
  commitAll(site.root, 'Move it')
  const { gallery: moved } = await started()
  expect(
    (await read(moved, 'src/pages.image.yaml')).versions.map(({ subject }) => subject),
  ).toEqual(['Show a lamp', 'Begin the site'])
})
