import { once } from 'node:events'
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http'
import { networkInterfaces } from 'node:os'
import { text } from 'node:stream/consumers'
import type { Plugin } from 'vite'
import { expect, test } from 'vitest'
import { createSite, startVite } from './dev-site.ts'

const manifest = (prompt: string) => `prompt: ${prompt}\nsize: 1024x1024\n`

/** An address of this machine under which other machines would reach it. */
const lan = Object.values(networkInterfaces())
  .flat()
  .find(address => address?.family === 'IPv4' && !address.internal)?.address

/** A request as it is, without what `fetch` adds. */
async function get(url: string, headers: OutgoingHttpHeaders = {}) {
  const sent = request(url, { headers }).end()
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  return { status: answer.statusCode, body: await text(answer) }
}

/** What a browser sends for a module of a page on the server itself. */
const OWN = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }

const CROSS_SITE = { 'sec-fetch-site': 'cross-site', referer: 'https://evil.example/' }

test("nothing is generated for requests that the project's own pages did not make", async () => {
  const site = await createSite({
    'main.js': `import hero from './imported.image.yaml'; document.title = hero.src`,
    'imported.image.yaml': manifest('Imported'),
    'other.image.yaml': manifest('Other'),
    'own.image.yaml': manifest('own'),
    'last.image.yaml': manifest('last'),
  })
  const { url } = await startVite(site, { server: { host: '0.0.0.0', allowedHosts: true } })
  const { port } = new URL(url)
  const other = `${url}other.image.yaml?import`
  const requests: readonly (readonly [string, OutgoingHttpHeaders])[] = [
    [other, { ...CROSS_SITE, 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'script' }],
    [other, { ...CROSS_SITE, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
    [other, { ...CROSS_SITE, 'sec-fetch-mode': 'cors', origin: 'https://evil.example' }],
    [other, { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
    [other, { origin: 'null' }],
    [other, { referer: 'https://evil.example/' }],
    [other, {}],
    [other, { ...OWN, host: `evil.example:${port}` }],
    [other, { ...OWN, 'x-forwarded-for': '203.0.113.7' }],
    [other, { ...OWN, 'x-forwarded-host': 'evil.example' }],
    [`${url}main.js`, { ...CROSS_SITE, 'sec-fetch-mode': 'no-cors' }],
    ...(lan ? [[other.replace('localhost', lan), OWN] as const] : []),
  ]
  for (const [target, headers] of requests) {
    // Drafts and what exists are anybody's.
    expect((await get(target, headers)).status, JSON.stringify(headers)).toBe(200)
  }
  const prompts = () => site.api.requests.map(({ prompt }) => prompt)
  // All that is wanted is asked for together: had one of them been, it would be among these.
  for (const own of ['own', 'last']) {
    await get(`${url}${own}.image.yaml?import`, OWN)
    await expect.poll(prompts).toContain(own)
  }
  expect(prompts()).toEqual(['own', 'last'])
})

test('own pages start images, however their browser says that they are', async () => {
  const pages: Readonly<Record<string, OutgoingHttpHeaders>> = {
    'the server itself': OWN,
    'an address that was typed': { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' },
    'a backend on this machine': { 'sec-fetch-site': 'same-site', origin: 'http://localhost:8000' },
    'a backend that is named': { 'sec-fetch-site': 'cross-site', origin: 'https://shop.test' },
    'a host that is listed': { ...OWN, host: 'vite.shop.test' },
    'a tunnel that is listed': { ...OWN, host: 'x', 'x-forwarded-host': 'vite.shop.test' },
    'an old browser': { referer: 'http://localhost:1/page' },
  }
  const names = Object.keys(pages)
  const site = await createSite(
    Object.fromEntries(names.map((name, index) => [`${index}.image.yaml`, manifest(name)])),
  )
  const { url } = await startVite(site, {
    server: { allowedHosts: ['.shop.test', 'x'], cors: { origin: ['https://shop.test'] } },
  })
  for (const [index, headers] of Object.values(pages).entries()) {
    await get(`${url}${index}.image.yaml?import`, headers)
  }
  const prompts = () => site.api.requests.map(({ prompt }) => prompt).sort()
  await expect.poll(prompts).toEqual(names.sort())
})

test('what a server rendered for a stranger is generated for the next page of the project', async () => {
  const site = await createSite({
    'render.js': `import hero from './hero.image.yaml'; export const render = () => hero.src`,
    'hero.image.yaml': manifest('Rendered'),
    'own.image.yaml': manifest('Own'),
  })
  const renderer: Plugin = {
    name: 'renderer',
    configureServer(server) {
      server.middlewares.use('/render', async (_, response) => {
        const { render } = await server.ssrLoadModule('/render.js')
        response.end(render())
      })
    },
  }
  const { url, server } = await startVite(site, { plugins: [renderer] })
  expect((await get(`${url}render`, CROSS_SITE)).body).toMatch(/\.svg$/)
  // Whatever is wanted by now is asked for with this.
  await server.ssrLoadModule('/own.image.yaml')
  await expect.poll(() => site.api.billed).toBe(1)
  expect(site.api.requests.map(({ prompt }) => prompt)).toEqual(['Own'])
  await get(`${url}render`, OWN)
  await expect.poll(() => site.api.billed).toBe(2)
})

test.skipIf(!lan)('other machines see the gallery and start images once they may', async () => {
  const site = await createSite({ 'hero.image.yaml': manifest('A lighthouse') })
  const server = { host: '0.0.0.0' }
  const closed = await startVite(site, { server: { ...server, allowedHosts: true } })
  const from = (url: string) => url.replace('localhost', lan ?? '')
  const data = '__imagegen/data.json'
  const refused = await get(from(closed.url) + data, OWN)
  expect(refused.status).toBe(403)
  expect(refused.body).toContain("dev: { access: 'network' }")
  const rebound = { ...OWN, host: `evil.example:${new URL(closed.url).port}` }
  expect((await get(closed.url + data, rebound)).status).toBe(403)
  expect((await get(closed.url + data, OWN)).status).toBe(200)

  const open = await startVite(site, { server, options: { dev: { access: 'network' } } })
  expect((await get(from(open.url) + data, OWN)).status).toBe(200)
  expect((await get(from(open.url) + data, CROSS_SITE)).status).toBe(403)
  await get(`${from(open.url)}hero.image.yaml?import`, CROSS_SITE)
  expect(site.api.count).toBe(0)
  await get(`${from(open.url)}hero.image.yaml?import`, OWN)
  await expect.poll(() => site.api.billed).toBe(1)
})
