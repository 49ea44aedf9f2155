import path from 'node:path'
import { expect, test } from 'vitest'
import { buildWithVite, VITES } from './bundlers.ts'
import { SITE, writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

/** What MDX makes of its documents. */
const compiled = (code: string) => ({
  name: 'compiled-mdx',
  transform: (_: string, id: string) => (id.endsWith('.mdx') ? { code, map: null } : null),
})

async function build(vite: string, code: string): Promise<string> {
  const root = await writeSite({
    'site.image.yaml': SITE,
    'page.mdx': '![](./site.image.yaml?image=hero)',
    'main.js': `export { default as page } from './page.mdx'
export { hero } from './site.image.yaml'`,
  })
  const load = VITES[vite]
  if (!load) throw new RangeError(vite)
  const request = { root, open: createTestPipeline().open }
  return buildWithVite(load, request, {}, [compiled(code)])
}

test.each(Object.keys(VITES))(
  '%s refuses an image of a manifest that MDX left alone',
  async vite => {
    const code = `export default () => _jsx("img", { src: "./site.image.yaml?image=hero", alt: "" })`
    await expect(build(vite, code)).rejects.toThrow(
      /page\.mdx shows \.\/site\.image\.yaml\?image=hero, and nothing makes a picture of it\. Add `mdxPictures`/,
    )
  },
)

test('a text about such an image is a text', async () => {
  const text = JSON.stringify('{ src: "./site.image.yaml?image=hero" }')
  const main = await build('vite8', `export default ${text}`)
  expect(path.basename(main)).toBe('main.js')
})
