import { expect, test } from 'vitest'
import type { Options } from '../../src/config/options.ts'
import { startGallery } from './gallery-site.ts'

const MANIFEST = `images:
  hero:
    prompt: A lighthouse
    size: 1024x1024
  night:
    prompt: The same at night
    references: [{ image: hero }]
    size: 1024x1024
  gull:
    prompt: A gull
    size: 1024x1024
`

const at = (name: string) => ({ manifest: 'site.image.yaml', name })

const BUDGET = { images: 100, currency: 'EUR', prices: { '1024x1024': 0.25 } }

const start = (options: Options) =>
  startGallery(MANIFEST, { vite: { options: { budget: BUDGET, ...options } } })

test('what has not been sent is called off, and costs nothing', async () => {
  const { site, gallery } = await start({ provider: { concurrency: 1 } })
  const release = site.api.hold()
  await gallery.post('actions', { action: 'generate', image: at('night') })
  await expect.poll(() => site.api.count).toBe(1)
  await gallery.post('actions', { action: 'generate', image: at('gull') })
  const state = async (name: string) => (await gallery.image(name)).status.state
  await expect.poll(() => state('gull')).toBe('queued')

  // One waits for its turn, one for its reference, and one was sent.
  expect((await gallery.post('actions', { action: 'cancel', image: at('gull') })).status).toBe(202)
  expect((await gallery.post('actions', { action: 'cancel', image: at('night') })).status).toBe(202)
  const sent = await gallery.post('actions', { action: 'cancel', image: at('hero') })
  expect(sent).toMatchObject({ status: 409, body: { error: expect.stringContaining('was sent') } })
  await expect.poll(() => state('gull')).toBe('held')
  await expect.poll(() => state('night')).toBe('held')
  expect((await gallery.image('night')).trouble).toEqual({
    reason: 'It was cancelled before it was sent.',
  })
  release()
  await expect.poll(() => state('hero')).toBe('ready')
  expect(site.api.billed).toBe(1)
  expect(await gallery.data()).toMatchObject({
    budget: { spent: 1 },
    cost: { spent: 0.25, currency: 'EUR' },
    today: { spent: 0.25, currency: 'EUR' },
  })
  // It can be asked for again.
  await gallery.post('actions', { action: 'generate', image: at('gull') })
  await expect.poll(() => state('gull')).toBe('ready')
  expect((await gallery.post('actions', { action: 'cancel', image: at('gull') })).status).toBe(409)
})

test('a failure has a short reason first, then the API’s own words, and nothing that a page obeys', async () => {
  const { site, gallery } = await start({ provider: { retry: { delays: [] } } })
  const words = '<b>No</b>\u202e \u0007\u001b[31m'
  const refuse = (message: string) => ({ status: 400, body: { error: { message, code: 'bad' } } })
  site.api.failWhen('lighthouse', refuse(words + ' blah'.repeat(20_000)))
  site.api.failWhen('gull', refuse(words))
  for (const name of ['hero', 'gull']) {
    await gallery.post('actions', { action: 'generate', image: at(name) })
    await expect.poll(async () => (await gallery.image(name)).status.state).toBe('refused')
  }
  const answer = await (await gallery.get('data.json')).text()
  expect(answer.length).toBeLessThan(30_000)
  const { status, trouble } = await gallery.image('gull')
  expect(trouble?.reason).toMatch(/^The API at \S+ answered 400 \(bad\)\.$/)
  expect(trouble?.words).toContain('(bad): “<b>No</b> [31m”')
  expect(JSON.stringify([status, trouble])).not.toMatch(/\\u|\u202e/)
  expect((await gallery.image('hero')).trouble?.reason).toMatch(/answered 400\.$/)
})
