import { expect, test } from 'vitest'
import type { ImageAsset } from '../../src/module/image-asset.ts'
import type { AssetFile, ImageTemplate } from '../../src/module/image-template.ts'
import { renderModule } from '../../src/module/render-module.ts'
import type { Digest } from '../../src/system/digest.ts'

const file = (name: string, width: number): AssetFile => ({
  name: `${name}-${width}w`,
  origin: { manifest: 'site.image.yaml', query: `image=${name}` },
  extension: 'webp',
  digest: `${width}`.padStart(64, '0') as Digest,
  path: `/secret/folder/${name}.webp`,
  size: width,
})

/** An image of these members, `src` aside. */
const image = (
  name: string,
  exportName: string,
  more: (urlOf: (file: AssetFile) => string) => Partial<ImageAsset> = () => ({}),
): ImageTemplate => ({
  id: { manifest: 'secret/site.image.yaml', name },
  exportName,
  files: [],
  assemble: urlOf => ({
    src: urlOf(file('hero', 640)),
    width: 640,
    height: 480,
    format: 'webp',
    type: 'image/webp',
    ...more(urlOf),
  }),
})

const hero = image('hero', 'hero', urlOf => ({
  srcset: `${urlOf(file('hero', 320))} 320w, ${urlOf(file('hero', 640))} 640w`,
  sources: [{ type: 'image/webp', srcset: `${urlOf(file('hero', 320))} 320w` }],
  placeholder: { color: '#0f172a' },
  alt: 'Say "hi" </script>\u2028',
}))

/** Executes a module. */
async function execute(code: string): Promise<Record<string, unknown>> {
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)
}

/** An expression that counts how often it is evaluated. */
const cdn = ({ name }: AssetFile) =>
  `(globalThis.evaluations = (globalThis.evaluations ?? 0) + 1, "https://cdn.test/" + ${JSON.stringify(name)})`

test('a module of several images, as it is written', () => {
  const code = renderModule({ single: false, images: [hero] }, ({ name }) => `urls[${name.length}]`)
  expect(code).toMatchInlineSnapshot(`
    "const image0 = /*#__PURE__*/ (() => {
      const url0 = urls[9]
      return {
        src: url0,
        width: 640, height: 480, format: "webp", type: "image/webp",
        srcset: url0 + " 320w, " + url0 + " 640w",
        sources: [{ type: "image/webp", srcset: url0 + " 320w" }],
        placeholder: {"color":"#0f172a"},
        alt: "Say \\"hi\\" \\u003C/script> "
      }
    })()
    const images = /*#__PURE__*/ (() => {
      return { "hero": image0 }
    })()
    export { images as default, image0 as hero }
    "
  `)
})

test('exports by identifier and a record by manifest name', async () => {
  const night = image('hero-night', 'heroNight')
  const module = await execute(renderModule({ single: false, images: [hero, night] }, cdn))
  expect(Object.keys(module).sort()).toEqual(['default', 'hero', 'heroNight'])
  expect(module.default).toEqual({ hero: module.hero, 'hero-night': module.heroNight })
})

test('joins URLs that only run time knows into srcset, and computes each once', async () => {
  Reflect.deleteProperty(globalThis, 'evaluations')
  const module = await execute(renderModule({ single: true, images: [hero] }, cdn))
  expect(module.default).toEqual({
    src: 'https://cdn.test/hero-640w',
    width: 640,
    height: 480,
    format: 'webp',
    type: 'image/webp',
    srcset: 'https://cdn.test/hero-320w 320w, https://cdn.test/hero-640w 640w',
    sources: [{ type: 'image/webp', srcset: 'https://cdn.test/hero-320w 320w' }],
    placeholder: { color: '#0f172a' },
    alt: 'Say "hi" </script>\u2028',
  } satisfies ImageAsset)
  expect(Reflect.get(globalThis, 'evaluations')).toBe(2)
})

test('survives every name that a manifest may have', async () => {
  const images = [
    image('__proto__', '__proto__'),
    image('constructor', 'constructor'),
    image('a "quoted" one', 'aQuotedOne'),
    image('été 🌄', 'été'),
    image('class', 'class'),
    image('default', 'default'),
  ]
  const module = await execute(renderModule({ single: false, images }, cdn))
  expect(Object.keys(Object(module.default))).toEqual(images.map(({ id }) => id.name))
  expect(Object.keys(module)).toEqual(
    expect.arrayContaining(['__proto__', 'aQuotedOne', 'class', 'constructor', 'default', 'été']),
  )
})

test('says nothing about where pictures come from, and nothing that ends a script', () => {
  const code = renderModule({ single: false, images: [hero] }, cdn)
  expect(code).not.toContain('secret')
  expect(code).not.toContain('</script')
})
