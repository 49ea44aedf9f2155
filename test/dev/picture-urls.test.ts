import { expect, test } from 'vitest'
import { VITES } from '../bundlers/bundlers.ts'
import { createSite, startVite } from './dev-site.ts'

const FILES = {
  'a.css': '.a { background: url(./site.image.yaml?image=night) }',
  'index.html': '<!doctype html><img src="./site.image.yaml?image=night">',
  'site.image.yaml': 'images:\n  hero: { prompt: A lighthouse, size: 1536x1024 }\n',
}

test.each(Object.entries(VITES))(
  '%s tells a wrong name with its place until it is mended',
  async (_name, load) => {
    const site = await createSite(FILES, { hasKey: false })
    const { server, url } = await startVite(site, { load })
    const transform = () =>
      server.transformRequest('/a.css').then(
        result => result?.code ?? '',
        (error: Error) => error.message,
      )
    expect(await transform()).toContain('a.css:1:22 site.image.yaml has no image "night".')
    const page = () => server.transformIndexHtml('/index.html', FILES['index.html'])
    await expect(page()).rejects.toThrow('index.html:1:26 site.image.yaml has no image "night".')

    await site.write({ 'site.image.yaml': FILES['site.image.yaml'].replace('hero', 'night') })
    await expect.poll(transform).toMatch(/__imagegen\/assets\/night-\S+\.svg/)
    const [, name = ''] = /src="([^"]*night-[^"]*)"/.exec(await page()) ?? []
    const answer = await fetch(new URL(name, url))
    expect(answer.headers.get('content-type')).toBe('image/svg+xml')
  },
)
