import { createServer } from 'vite'
import { expect, test } from 'vitest'
import {
  galleryPolicy,
  renderGalleryShell,
  renderLiveScript,
} from '../../src/gallery/shell/gallery-shell.ts'
import { findChromium, launchChromium } from '../support/browser.ts'
import { makeFolder, removeFolder } from '../support/folder.ts'
import { bundleGalleryAssets } from './gallery-server.ts'
import { sampleImage } from './sample-gallery.ts'

const executable = findChromium()

test.skipIf(!executable)(
  'what Vite sends reaches the page under its policy (skipped where there is no Chromium)',
  async () => {
    const scratch = await makeFolder()
    const { script, style } = await bundleGalleryAssets()
    const files: Record<string, readonly [type: string, body: string]> = {
      '/g/': ['text/html', renderGalleryShell('live')],
      '/g/gallery.js': ['text/javascript', script],
      '/g/gallery.css': ['text/css', style],
      '/g/live.js': ['text/javascript', renderLiveScript('/@vite/client', 'token')],
      '/g/data.json': [
        'application/json',
        JSON.stringify({
          version: 3,
          project: 'p',
          createdAt: '',
          mode: 'draft',
          images: [],
          faults: [],
        }),
      ],
    }
    const vite = await createServer({
      root: scratch,
      configFile: false,
      logLevel: 'silent',
      server: { host: '127.0.0.1', port: 0 },
      plugins: [
        {
          name: 'gallery',
          configureServer({ middlewares }) {
            middlewares.use((request, response, next) => {
              const file = files[request.url ?? '']
              if (!file) return next()
              response.setHeader('content-type', file[0])
              response.setHeader('content-security-policy', galleryPolicy())
              response.end(file[1])
            })
          },
        },
      ],
    })
    const browser = await launchChromium(executable ?? '')
    try {
      await vite.listen()
      const origin = vite.resolvedUrls?.local[0]
      const page = await browser.newPage()
      const troubles: string[] = []
      page.on('pageerror', error => troubles.push(String(error)))
      page.on('console', message => message.type() === 'error' && troubles.push(message.text()))
      const connected = new Promise<void>(resolve => vite.ws.on('connection', () => resolve()))
      await page.goto(`${origin}g/`)
      await page.getByText('No images yet').waitFor()
      await connected
      await expect
        .poll(async () => {
          vite.ws.send('imagegen:gallery', { images: [sampleImage('hero', 1)] })
          return page.locator('.card .name').allTextContents()
        })
        .toEqual(['hero'])
      expect(troubles).toEqual([])
    } finally {
      await browser.close()
      await vite.close()
      await removeFolder(scratch)
    }
  },
)
