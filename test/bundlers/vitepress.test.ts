import { mkdir, readFile, symlink } from 'node:fs/promises'
import path from 'node:path'
import { build } from 'vitepress'
import { expect, test, vi } from 'vitest'
import { addToVitePress } from '../../src/frameworks/vitepress/add-to-vitepress.ts'
import { createSite } from '../dev/dev-site.ts'

const MANIFEST = `defaults: { size: 1024x1024, output: { formats: [webp, png] } }
images:
  hero: { prompt: A lighthouse, alt: A lighthouse }
  2-up: { prompt: Two boats, alt: 'Two "boats" <1>' }
`

const SINGLE = 'prompt: A gull\nsize: 1024x1024\nalt: A gull\noutput: { formats: [webp, png] }\n'

const PAGE = `<script setup>
const greeting = 'Hello'
</script>

# {{ greeting }}

![](./site.image.yaml?image=2-up){.wide}

![By day](./site.image.yaml?image=hero "At noon") and [a link](./site.image.yaml?image=hero)

![A bird][gull]

[gull]: ../gull.image.yaml

\`\`\`md
![](./site.image.yaml?image=hero)
\`\`\`
`

const PLAIN =
  '<script lang="ts">export const x: number = 1</script>\n\n![](site.image.yaml?image=hero)\n'

const REPOSITORY = path.resolve(import.meta.dirname, '../..')

const FILES = {
  'docs/index.md': '# Home\n',
  'docs/guide/page.md': PAGE,
  'docs/guide/plain.md': PLAIN,
  'docs/guide/site.image.yaml': MANIFEST,
  'docs/gull.image.yaml': SINGLE,
  // The configuration has an instance of the plugin that this test made.
  'docs/.vitepress/config.mjs': 'export default globalThis.imagegenTestConfig\n',
}

async function buildSite(files = {}) {
  const site = await createSite({ ...FILES, ...files })
  await mkdir(path.join(site.root, 'node_modules'))
  await symlink(path.join(REPOSITORY, 'node_modules/vue'), path.join(site.root, 'node_modules/vue'))
  const own = vi.fn()
  const config = addToVitePress(
    {
      vite: {
        logLevel: 'silent',
        resolve: {
          alias: { 'unplugin-imagegen/vue': path.join(REPOSITORY, 'src/vue.ts') },
        },
      },
      markdown: { config: own },
    },
    { options: { root: site.root }, createVitePlugin: options => site.plugin.vite(options) },
  )
  Object.assign(globalThis, { imagegenTestConfig: config })
  await build(path.join(site.root, 'docs'))
  const read = (file: string) =>
    readFile(path.join(site.root, 'docs/.vitepress/dist', file), 'utf8')
  return { ...site, own, read }
}

test('shows images of manifests in Markdown as pictures, one request each over both builds', async () => {
  const { api, own, read } = await buildSite()
  const html = await read('guide/page.html')
  expect(html).toMatch(
    /<picture><source type="image\/webp" srcset="[^"]+\.webp[^"]*"><img alt="Two &quot;boats&quot; &lt;1&gt;" width="64" height="64"[^>]* src="\/assets\/2-up[^"]+\.png" class="wide"/,
  )
  expect(html).toMatch(/<img alt="By day" [^>]*src="\/assets\/hero[^"]+\.png" title="At noon"/)
  expect(html).toMatch(/<img alt="A bird" [^>]*src="\/assets\/gull[^"]+\.png"/)
  expect(html).toContain('Hello')
  expect(html.match(/<picture>/g)).toHaveLength(3)
  expect(await read('guide/plain.html')).toMatch(/<picture>.*<img alt="A lighthouse"/)
  expect(own).toHaveBeenCalled()
  expect(api.count).toBe(3)
})

test('says where a page names an image that its manifest does not have', async () => {
  const building = buildSite({
    'docs/guide/page.md': '# Page\n\n![](./site.image.yaml?image=heros)\n',
  })
  await expect(building).rejects.toThrow(
    /page\.md:3:5 .*has no image "heros"\. Did you mean `hero`\?/,
  )
})
