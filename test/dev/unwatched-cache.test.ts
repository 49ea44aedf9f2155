import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { InlineConfig, ViteDevServer } from 'vite'
import { expect, onTestFinished, test, vi } from 'vitest'
import { VITES, type ViteModule } from '../bundlers/bundlers.ts'
import { createSite, type DevSite } from './dev-site.ts'

async function start(
  site: DevSite,
  load: () => Promise<ViteModule>,
  watch?: NonNullable<InlineConfig['server']>['watch'],
): Promise<ViteDevServer> {
  const { createServer } = await load()
  const server = await createServer({
    root: site.root,
    configFile: false,
    logLevel: 'silent',
    server: { middlewareMode: true, ws: false, ...(watch !== undefined && { watch }) },
    plugins: [site.plugin.vite()],
  })
  onTestFinished(() => server.close())
  return server
}

for (const [name, load] of Object.entries(VITES)) {
  test(`${name} watches no file of the cache`, async () => {
    const site = await createSite({ 'pages/home.js': '', '.imagegen/entries/ab/some.json': '{}' })
    const server = await start(site, load)
    const pages = path.join(site.root, 'pages')
    await vi.waitFor(() => expect(server.watcher.getWatched()).toHaveProperty([pages]))
    const told: string[] = []
    server.watcher.on('all', (_event, file) => told.push(path.relative(site.root, file)))
    const folder = path.join(site.root, '.imagegen/entries/cd')
    await mkdir(folder, { recursive: true })
    await writeFile(path.join(folder, 'other.json'), '{}')
    await writeFile(path.join(pages, 'about.js'), '')
    await vi.waitFor(() => expect(told).toContain(path.join('pages', 'about.js')))
    const watched = Object.keys(server.watcher.getWatched())
    expect([...told, ...watched].filter(file => file.includes('.imagegen'))).toEqual([])
  })

  test(`${name} ignores what the project ignores as well, and does not watch at all if told so`, async () => {
    const site = await createSite({})
    const { config } = await start(site, load, { ignored: /notes/ })
    expect(config.server.watch?.ignored).toEqual([/notes/, '**/.imagegen/**'])
    expect((await start(site, load, null)).config.server.watch).toBeNull()
  })
}
