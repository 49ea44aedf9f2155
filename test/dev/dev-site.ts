import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import path from 'node:path'
import type { UnpluginInstance } from 'unplugin'
import type { InlineConfig, ViteDevServer } from 'vite'
import { onTestFinished } from 'vitest'
import type { Options } from '../../src/config/options.ts'
import { openForPlugin } from '../../src/pipeline/open-pipeline.ts'
import type { ApiServer, ApiServerOptions } from '../api-server/server.ts'
import { unpluginOf, type ViteModule } from '../bundlers/bundlers.ts'
import type { Files } from '../support/folder.ts'
import { createProject, startApi } from '../support/project.ts'

export const API_KEY = 'dev-key'

/** A project on disk, an image API, and the plugin between them. */
export interface DevSite {
  readonly root: string
  readonly api: ApiServer
  readonly plugin: UnpluginInstance<Options | undefined, false>
  write(files: Files): Promise<void>
}

export interface SiteOptions extends ApiServerOptions {
  /** @default true */
  readonly hasKey?: boolean
}

export async function createSite(
  files: Files,
  { hasKey = true, ...apiOptions }: SiteOptions = {},
): Promise<DevSite> {
  const { root, write } = await createProject({ 'package.json': '{"type":"module"}', ...files })
  const api = await startApi({ apiKey: API_KEY, scale: 1 / 16, ...apiOptions })
  const variables = new Map([
    ['LLMEASY_BASE_URL', api.url],
    ...(hasKey ? ([['LLMEASY_API_KEY', API_KEY]] as const) : []),
  ])
  const plugin = unpluginOf((options, start, host) =>
    openForPlugin(options, { ...start, readVariable: name => variables.get(name) }, host),
  )
  return { root, api, plugin, write }
}

/** Loads a module as a page of the server does, so that missing images may be requested. */
export async function importAsPage(url: string, name: string): Promise<void> {
  const headers = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }
  const [answer] = (await once(request(`${url}${name}?import`, { headers }).end(), 'response')) as [
    IncomingMessage,
  ]
  await once(answer.resume(), 'end')
}

export interface ViteSettings extends InlineConfig {
  readonly options?: Options
  /** @default the newest Vite */
  readonly load?: () => Promise<ViteModule>
}

/** Starts a Vite dev server over the site; it is closed after the test. */
export async function startVite(
  site: DevSite,
  { options, load = () => import('vite'), ...config }: ViteSettings = {},
): Promise<{ server: ViteDevServer; url: string }> {
  const { createServer } = await load()
  const server = await createServer({
    root: site.root,
    configFile: false,
    logLevel: 'silent',
    cacheDir: path.join(site.root, '.vite'),
    ...config,
    server: { host: '127.0.0.1', port: 0, ...config.server },
    plugins: [
      site.plugin.vite({ onSizeMismatch: 'ignore', ...options }),
      ...(config.plugins ?? []),
    ],
  })
  onTestFinished(() => server.close())
  await server.listen()
  return { server, url: server.resolvedUrls?.local[0] ?? '' }
}
