import path from 'node:path'
import { Readable } from 'node:stream'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import type { ImageAsset } from '../../src/module/image-asset.ts'
import type { ProviderAccess } from '../../src/pipeline/engine/services/provider-access.ts'
import { openForPlugin } from '../../src/pipeline/open-pipeline.ts'
import { createFakeAccess } from '../support/fake-provider.ts'
import { importBuilt } from './assert-image.ts'
import { BUNDLERS, type Bundler } from './bundlers.ts'
import { writeSite } from './sample-site.ts'

const MANIFEST = `images:
  avatar:
    prompt: A keeper
    size: 1536x1152
    output: { formats: [webp, jpeg], width: 16, densities: [1, 2, 4], aspect: "1:1", background: "#0f172a" }
  logo:
    prompt: A logo
    size: 576x576
    output: { formats: [webp, jpeg], placeholder: color, background: "#0f172a" }
`

/** Answers with pictures that are half transparent. */
function createClearAccess(): ProviderAccess {
  const access = createFakeAccess()
  return {
    ...access,
    async openProvider() {
      const provider = await access.openProvider()
      return {
        ...provider,
        async send({ request }) {
          const [width = 1, height = 1] = request.size.split('x').map(side => Number(side) / 24)
          const background = { r: 20, g: 120, b: 200, alpha: 0.5 }
          const clear = sharp({ create: { width, height, channels: 4, background } }).png()
          return Readable.from([await clear.toBuffer()])
        },
      }
    },
  }
}

const hosts = BUNDLERS.filter(({ name }) => ['vite8', 'rollup', 'webpack'].includes(name))

async function build(bundler: Bundler | undefined, manifest: string) {
  const root = await writeSite({
    'site.image.yaml': manifest,
    'main.js': `export { avatar, logo } from './site.image.yaml'`,
  })
  const warnings: string[] = []
  const entry = await bundler?.build({
    root,
    async open(options, start, host) {
      const pipeline = await openForPlugin(
        { onSizeMismatch: 'ignore', ...options, provider: { preset: 'openai' } },
        { ...start, readVariable: () => undefined, access: createClearAccess() },
        host,
      )
      pipeline.on(event => event.type === 'warning' && warnings.push(event.message))
      return pipeline
    },
  })
  return { images: (await importBuilt(entry ?? '')) as Record<string, ImageAsset>, warnings }
}

test.each(hosts)(
  '$name builds pictures of fixed size, and says what is transparent',
  async host => {
    const { images, warnings } = await build(host, MANIFEST)
    const { avatar, logo } = images
    expect(avatar).toMatchObject({ width: 16, height: 16, format: 'jpeg', alpha: true })
    expect(avatar?.src).toMatch(/avatar-16w[^/]*\.jpg$/)
    // The picture has 48 rows: four times 16 pixels would be scaled up.
    expect(avatar?.srcset).toMatch(/^\S+16w\S+ 1x, \S+32w\S+ 2x$/)
    expect(avatar?.sources?.map(({ srcset }) => srcset.split(', ').length)).toEqual([2, 2])
    expect(logo).toMatchObject({ alpha: true, placeholder: { color: '#1478c8' } })
    expect(path.extname(logo?.src ?? '')).toBe('.jpg')
    expect(warnings).toEqual([])
  },
)

test('a transparent picture with a JPEG and no background is a warning', async () => {
  const { warnings } = await build(hosts[0], MANIFEST.replaceAll(', background: "#0f172a"', ''))
  expect(warnings.toSorted()).toEqual(
    ['avatar', 'logo'].map(
      name =>
        `site.image.yaml#${name} has transparent pixels, which turn white in JPEG. Set \`output.background\` to another colour, or replace jpeg in \`output.formats\` by png.`,
    ),
  )
})
