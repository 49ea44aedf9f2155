import { once } from 'node:events'
import type { OutgoingHttpHeaders } from 'node:http'
import { WebSocket } from 'undici'
import type { ViteDevServer } from 'vite'
import { expect, onTestFinished, test } from 'vitest'
import type { GalleryData } from '../../src/gallery/data/gallery-data.ts'
import { VITES } from '../bundlers/bundlers.ts'
import { createSite, startVite } from './dev-site.ts'

const MANIFEST = 'prompt: A secret lighthouse\nsize: 1024x1024\n'

interface Client {
  readonly messages: string[]
  send(event: string, data: unknown): void
}

/** A connection as Vite's client opens it. */
async function connect(
  { config }: ViteDevServer,
  url: string,
  headers: OutgoingHttpHeaders,
): Promise<Client> {
  const address = `${url.replace(/^http/, 'ws')}?token=${config.webSocketToken}`
  const socket = new WebSocket(address, {
    protocols: 'vite-hmr',
    headers: headers as Record<string, string>,
  })
  onTestFinished(() => socket.close())
  const messages: string[] = []
  socket.addEventListener('message', ({ data }) => void messages.push(String(data)))
  await once(socket, 'open')
  return {
    messages,
    send: (event, data) => socket.send(JSON.stringify({ type: 'custom', event, data })),
  }
}

test.each(Object.entries(VITES))(
  '%s sends the gallery and faults to nobody who may not see them',
  async (_name, load) => {
    const site = await createSite({ 'hero.image.yaml': MANIFEST })
    const { url, server } = await startVite(site, { load })
    const { origin } = new URL(url)
    const answer = await fetch(`${url}__imagegen/data.json`)
    const { actions } = (await answer.json()) as GalleryData
    const token = actions?.token ?? ''

    const gallery = await connect(server, url, { origin })
    const page = await connect(server, url, { origin })
    // Even if it knows the token.
    const stranger = await connect(server, url, { origin: 'https://evil.example' })
    const proxied = await connect(server, url, { origin, 'x-forwarded-for': '203.0.113.7' })
    for (const client of [gallery, stranger, proxied]) client.send('imagegen:follow', token)
    page.send('imagegen:follow', 'another')
    const image = { manifest: 'hero.image.yaml', name: 'hero' }
    await fetch(`${url}__imagegen/actions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin },
      body: JSON.stringify({ token, action: 'generate', image }),
    })
    const shows = (client: Client, text: string) => () =>
      client.messages.some(message => message.includes(text))
    await expect.poll(shows(gallery, 'A secret lighthouse')).toBe(true)

    await site.write({ 'hero.image.yaml': MANIFEST.replace('size', 'sise') })
    await expect.poll(shows(page, 'sise'), { timeout: 10_000 }).toBe(true)
    for (const client of [page, stranger, proxied]) client.send('imagegen:hello', {})
    server.ws.send('last', {})
    for (const client of [stranger, proxied]) {
      await expect.poll(shows(client, '"last"')).toBe(true)
      expect(client.messages.filter(message => /secret|sise|gallery/.test(message))).toEqual([])
    }
    expect(page.messages.filter(message => message.includes('imagegen:gallery'))).toEqual([])
  },
)
