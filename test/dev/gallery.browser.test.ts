import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { GalleryData } from '../../src/gallery/data/gallery-data.ts'
import { createSite, startVite } from './dev-site.ts'
import { chromium, useBrowser } from './gallery-site.ts'

const MANIFEST = `# What the site shows.
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
  'index.html': '<!doctype html><body></body>',
  'site.image.yaml': MANIFEST,
}

/** What the page's client sends. */
function post(url: string, token: string, action: object, headers: Record<string, string> = {}) {
  return fetch(`${url}__imagegen/actions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: new URL(url).origin, ...headers },
    body: JSON.stringify({ token, ...action }),
  })
}

async function readData(url: string): Promise<GalleryData> {
  const answer = await fetch(`${url}__imagegen/data.json`)
  expect(answer.status).toBe(200)
  return (await answer.json()) as GalleryData
}

const HERO = { manifest: 'site.image.yaml', name: 'hero' }

describe.skipIf(!chromium)('the gallery in a dev server (skipped without Chromium)', () => {
  const { openPage, openGalleryPage } = useBrowser()

  test('generates, makes alternatives, and writes the one that was chosen into the manifest', async () => {
    const site = await createSite(FILES, { vary: true })
    const { url } = await startVite(site)
    const { page, troubles } = await openGalleryPage(url)
    // Opening it requests nothing.
    expect(site.api.count).toBe(0)

    await page.goto(`${url}__imagegen/#image=${encodeURIComponent('site.image.yaml#hero')}`)
    const dialog = page.getByRole('dialog').last()
    await dialog.getByRole('button', { name: 'Generate', exact: true }).click()
    await page.getByText('This generates 1 picture.').waitFor()
    await page.locator('dialog.confirm button[type=submit], dialog.confirm button').last().click()
    await expect.poll(() => site.api.billed, { timeout: 10_000 }).toBe(1)
    await page.getByRole('button', { name: 'Generate alternatives' }).waitFor()
    await page.getByRole('button', { name: 'Generate alternatives' }).click()
    await page.getByText('This generates 2 pictures.').waitFor()
    await page.locator('dialog.confirm button[type=submit], dialog.confirm button').last().click()
    await expect.poll(() => site.api.billed, { timeout: 10_000 }).toBe(3)

    await expect
      .poll(async () => (await readData(url)).images[0]?.alternatives.length, { timeout: 10_000 })
      .toBe(2)
    const { actions } = await readData(url)
    const answer = await post(url, actions?.token ?? '', {
      action: 'use',
      image: HERO,
      revision: 3,
    })
    expect(answer.status).toBe(202)
    const text = await readFile(path.join(site.root, 'site.image.yaml'), 'utf8')
    expect(text).toBe(MANIFEST.replace('prompt: A light', 'revision: 3\n    prompt: A light'))
    await expect.poll(async () => (await readData(url)).images[0]?.picture?.revision).toBe(3)
    expect((await readData(url)).images[0]?.status.state).toBe('ready')
    expect(site.api.billed).toBe(3)
    expect(troubles).toEqual([])
  })

  test('keeps a picture of which only the model changed, without a request', async () => {
    const site = await createSite(FILES, { vary: true })
    const { url } = await startVite(site)
    const { actions } = await readData(url)
    const token = actions?.token ?? ''
    await post(url, token, { action: 'generate', image: HERO })
    const hero = async () => (await readData(url)).images[0]
    await expect.poll(async () => (await hero())?.status.state, { timeout: 10_000 }).toBe('ready')
    // Of its present request there is nothing to keep.
    expect((await post(url, token, { action: 'keep', image: HERO })).status).toBe(409)

    const another = MANIFEST.replace('prompt: A light', 'model: gpt-image-3\n    prompt: A light')
    await site.write({ 'site.image.yaml': another })
    await expect.poll(async () => (await hero())?.keep?.because).toEqual(['model'])
    const { page, troubles } = await openGalleryPage(url)
    await page.goto(`${url}__imagegen/#image=${encodeURIComponent('site.image.yaml#hero')}`)
    const dialog = page.getByRole('dialog').last()
    await dialog.getByText('only the model changed since. It can stay').waitFor()
    await dialog.getByRole('button', { name: 'Keep this picture' }).click()
    await expect.poll(async () => (await hero())?.status.state, { timeout: 10_000 }).toBe('ready')
    await dialog.getByText('kept from an earlier request').waitFor()
    expect(await hero()).not.toHaveProperty('keep')
    expect(site.api.billed).toBe(1)
    expect(troubles).toEqual([])
  })

  test('a page of another site can neither act, nor read, nor frame it', async () => {
    const site = await createSite(FILES)
    const { url } = await startVite(site)
    const { actions } = await readData(url)
    const { page } = await openPage('about:blank')
    // The worst case: the other page knows the token.
    const action = JSON.stringify({ token: actions?.token, action: 'generate', image: HERO })
    await page.goto(await serveElsewhere(attack(`${url}__imagegen/`, action)))
    await expect.poll(() => page.evaluate('window.outcomes?.length')).toBe(6)
    expect(await page.evaluate('window.outcomes')).toEqual([
      'refused',
      'refused',
      'refused',
      'refused',
      'not shown',
      'not run',
    ])
    const [, frame] = page.frames()
    expect(await frame?.locator('.card, button').count()).toBe(0)

    await page.locator('form').evaluate(form => (form as HTMLFormElement).submit())
    await page.waitForURL(`${url}__imagegen/actions`)
    expect(await page.textContent('body')).toContain('other origins')
    expect(site.api.count).toBe(0)

    // The same action, of the page itself, is good.
    expect((await post(url, '', JSON.parse(action))).status).toBe(202)
    await expect.poll(() => site.api.billed).toBe(1)
  })
})

/** Serves one page under an origin of its own. */
async function serveElsewhere(html: string): Promise<string> {
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(html)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://localhost:${(server.address() as AddressInfo).port}/`
}

/** Every way in which a page can make a browser send a request or show an answer. */
function attack(gallery: string, action: string): string {
  return `<!doctype html><body><script type="module">
const gallery = ${JSON.stringify(gallery)}
const action = ${JSON.stringify(action)}
const send = (name, options) => fetch(gallery + name, options).then(({ type }) => type, () => 'refused')
const type = 'application/json'
const element = (name, properties) => new Promise(resolve => {
  const made = Object.assign(document.createElement(name), properties)
  made.onload = () => resolve('shown')
  made.onerror = () => resolve(name === 'img' ? 'not shown' : 'not run')
  document.body.append(made)
})
window.outcomes = await Promise.all([
  send('actions', { method: 'POST', headers: { 'content-type': type }, body: action }),
  send('data.json'),
  send('actions', { method: 'POST', mode: 'no-cors', body: action }),
  send('actions', { method: 'POST', mode: 'no-cors', credentials: 'include', body: new Blob([action], { type: 'text/plain' }) }),
  element('img', { src: gallery + 'actions' }),
  element('script', { src: gallery + 'data.json' }),
])
document.body.append(Object.assign(document.createElement('iframe'), { src: gallery }))
</script>
<form method="post" enctype="text/plain" action="${gallery}actions">
<input name='${action.slice(0, -1)},"x":"' value='"}'></form>`
}

test('acts for its own page only', async () => {
  const site = await createSite(FILES)
  const { url } = await startVite(site)
  const { actions } = await readData(url)
  const token = actions?.token ?? ''
  const generate = { action: 'generate', image: HERO }
  const refusals: readonly [Promise<Response>, number][] = [
    [post(url, 'another', generate), 403],
    [post(url, token, generate, { origin: 'http://evil.test' }), 403],
    [post(url, token, generate, { origin: 'null' }), 403],
    [post(url, token, generate, { 'content-type': 'text/plain' }), 415],
    [post(url, token, generate, { 'sec-fetch-site': 'cross-site' }), 403],
    [post(url, token, { action: 'buy' }), 400],
    [post(url, token, { ...generate, image: { ...HERO, manifest: '../x.image.yaml' } }), 409],
    [fetch(`${url}__imagegen/actions`), 405],
    [fetch(`${url}__imagegen/data.json`, { headers: { origin: 'http://localhost:1' } }), 403],
    [fetch(`${url}__imagegen/data.json`, { headers: { 'sec-fetch-site': 'cross-site' } }), 403],
    [fetch(`${url}__imagegen/other`), 404],
  ]
  for (const [answer, status] of refusals) expect((await answer).status).toBe(status)
  expect(site.api.count).toBe(0)
  expect((await post(url, token, generate)).status).toBe(202)
  await expect.poll(() => site.api.billed).toBe(1)
})

test('generates what an image is made from with it', async () => {
  const site = await createSite(FILES)
  const { url } = await startVite(site)
  const { actions, images } = await readData(url)
  expect(images[1]?.status).toMatchObject({ state: 'blocked', by: [{ name: 'hero' }] })
  const night = { action: 'generate', image: { ...HERO, name: 'night' } }
  expect((await post(url, actions?.token ?? '', night)).status).toBe(202)
  const states = async () => (await readData(url)).images.map(({ status }) => status.state)
  await expect.poll(states, { timeout: 10_000 }).toEqual(['ready', 'ready'])
  expect(site.api.billed).toBe(2)
})

test('keeps to the budget, and says what it has no key for', async () => {
  const site = await createSite(FILES)
  const { url } = await startVite(site, { options: { budget: { images: 1 } } })
  const { actions, budget } = await readData(url)
  expect(budget).toEqual({ spent: 0, limit: 1 })
  const many = { action: 'alternatives', image: HERO, count: 2 }
  const answer = await post(url, actions?.token ?? '', many)
  expect(answer.status).toBe(409)
  expect(await answer.json()).toMatchObject({ error: expect.stringContaining('budget.images') })

  const poor = await createSite(FILES, { hasKey: false })
  const data = await readData((await startVite(poor)).url)
  expect(data.actions?.refusal).toContain('LLMEASY_API_KEY')
  expect(site.api.count + poor.api.count).toBe(0)
})

test('writes no revision whose picture is of another prompt', async () => {
  const site = await createSite(FILES, { vary: true })
  const { url } = await startVite(site)
  const { actions } = await readData(url)
  const token = actions?.token ?? ''
  await post(url, token, { action: 'alternatives', image: HERO, count: 1 })
  const alternatives = async () => (await readData(url)).images[0]?.alternatives.length
  await expect.poll(alternatives, { timeout: 10_000 }).toBe(1)
  const edited = MANIFEST.replace('cliff', 'rock')
  await site.write({ 'site.image.yaml': edited })
  const answer = await post(url, token, { action: 'use', image: HERO, revision: 2 })
  expect(answer.status).toBe(409)
  expect(await answer.json()).toEqual({
    error: expect.stringContaining('Revision 2 of site.image.yaml#hero has no picture'),
  })
  expect(await readFile(path.join(site.root, 'site.image.yaml'), 'utf8')).toBe(edited)
})
