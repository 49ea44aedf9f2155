import { createServer } from 'node:net'
import path from 'node:path'
import { build } from 'vite'
import { expect, onTestFinished, test, vi } from 'vitest'
import imagegen from '../../src/vite.ts'
import { startApi } from '../support/project.ts'
import { assertImage, importBuilt } from './assert-image.ts'
import { writeSite } from './sample-site.ts'

/** Counts whoever so much as connects. */
async function listenForConnections(): Promise<{ readonly url: string; count: number }> {
  const seen = { url: '', count: 0 }
  const server = createServer(socket => {
    seen.count++
    socket.destroy()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise(resolve => server.close(() => resolve())))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('It does not listen.')
  seen.url = `http://127.0.0.1:${address.port}/v1`
  return seen
}

async function buildSite(root: string): Promise<void> {
  await build({
    root,
    base: './',
    configFile: false,
    logLevel: 'silent',
    plugins: [imagegen()],
    build: {
      rollupOptions: {
        input: path.join(root, 'main.js'),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: 'main.js' },
      },
    },
  })
}

test('a frozen build opens no connection, whether images are there or missing', async () => {
  const root = await writeSite({
    'hero.image.yaml': 'prompt: A lighthouse on a cliff\nsize: 1024x1024\n',
    'main.js': `export { default as hero } from './hero.image.yaml'`,
  })
  const watched = await listenForConnections()
  vi.stubEnv('LLMEASY_API_KEY', 'test-key')
  vi.stubEnv('LLMEASY_BASE_URL', watched.url)
  vi.stubEnv('IMAGEGEN_MODE', 'frozen')
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  await expect(buildSite(root)).rejects.toThrow(/mode is frozen.*\n.*hero\.image\.yaml:1:9 hero/)
  expect(watched.count).toBe(0)

  const api = await startApi({ scale: 1 / 16 })
  vi.stubEnv('LLMEASY_BASE_URL', api.url)
  vi.stubEnv('IMAGEGEN_MODE', 'generate')
  await buildSite(root)

  vi.stubEnv('LLMEASY_BASE_URL', watched.url)
  vi.stubEnv('IMAGEGEN_MODE', 'frozen')
  await buildSite(root)
  const dist = path.join(root, 'dist')
  await assertImage((await importBuilt(path.join(dist, 'main.js'))).hero, dist)
  expect(watched.count).toBe(0)
})
