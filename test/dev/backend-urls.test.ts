import { expect, test } from 'vitest'
import { VITES } from '../bundlers/bundlers.ts'
import { createSite, importAsPage, startVite } from './dev-site.ts'

const FILES = {
  'src/site.image.yaml': `images:
  hero:
    prompt: A secret lighthouse
    size: 1024x1024
    output: { formats: [webp, png], widths: [32, 64] }
`,
  'src/bad.image.yaml': 'prompt: A secret lamp\nsise: 1024x1024\n',
  'other/note.yaml': 'x: 1',
}

/** An image of a page that a backend on this machine makes. */
const BACKEND = {
  'sec-fetch-site': 'same-site',
  'sec-fetch-mode': 'no-cors',
  'sec-fetch-dest': 'image',
  referer: 'http://localhost:8000/',
}

for (const [name, load] of Object.entries(VITES)) {
  test(`${name} leads a page of a backend to the picture that it names`, async () => {
    const site = await createSite(FILES)
    const { url } = await startVite(site, { load, base: '/build/' })
    const get = (query: string) => fetch(`${url}src/site.image.yaml?${query}`, { headers: BACKEND })
    const first = await fetch(`${url}src/site.image.yaml?image=hero`, {
      headers: BACKEND,
      redirect: 'manual',
    })
    expect(first.status).toBe(302)
    expect(first.headers.get('location')).toMatch(/^\/build\/__imagegen\/assets\/hero-/)
    expect(first.headers.get('cache-control')).toBe('no-store')
    expect((await get('image=hero')).headers.get('content-type')).toBe('image/svg+xml')

    await importAsPage(url, 'src/site.image.yaml')
    await expect
      .poll(async () => (await get('image=hero')).headers.get('content-type'))
      .toBe('image/png')
    const small = await get('image=hero&format=webp&width=32')
    expect(small.headers.get('content-type')).toBe('image/webp')
    expect(small.url).toContain('/hero-32w-')
    expect(site.api.count).toBe(1)

    const unknown = await get('image=heroo')
    expect(unknown.status).toBe(404)
    expect(await unknown.text()).toContain('Did you mean `hero`?')
    const bad = await fetch(`${url}src/bad.image.yaml?image=bad`, { headers: BACKEND })
    expect(bad.status).toBe(500)
    expect(await bad.text()).toBe('The manifest has a fault. The terminal shows it.\n')
    expect((await get('')).status).toBe(403)
    const module = await fetch(`${url}src/site.image.yaml?import&image=hero&src`)
    expect(module.headers.get('content-type')).toContain('javascript')
  })
}
