import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { compile } from 'svelte/compiler'
import { build, type Plugin } from 'vite'
import type { BenchCase, Bound, Product } from '../harness/bench-case.ts'
import { table } from '../harness/render-report.ts'

/** Frameworks that show pictures, each with what its page has anyway. */
const COMPONENTS = [
  { entry: 'html.mjs', name: 'picture', of: '`picture()` of `/html`' },
  { entry: 'react.mjs', name: 'Picture', of: '`<Picture>` of `/react`' },
  { entry: 'vue.mjs', name: 'Picture', of: '`<Picture>` of `/vue`' },
  { entry: 'svelte.mjs', name: 'Picture', of: '`<Picture>` of `/svelte`' },
]
const FRAMEWORKS = /^(?:react|vue|svelte)(?:\/|$)/

/** Of 0.1.0, built on 2026-11-26: bytes of gzip. It had no components. */
const CLIENT_BEFORE = 2_903

/** What reaches browsers beside the pictures. */
export const parts: BenchCase = {
  name: 'parts',
  work: 'What a page loads beside its pictures, as gzip: components bundled and minified, without their frameworks; and in development the script that keeps pictures up to date, as it is.',
  rounds: 1,
  async prepare(folder, product) {
    const client = await sizeOfClient(product)
    const sizes = COMPONENTS.map(async ({ of, ...component }) => [
      of,
      bytes(await sizeOfComponent(folder, product, component)),
    ])
    return {
      contenders: [],
      bounds: [boundOfClient(client)],
      remarks: [
        table(
          ['part', 'gzip'],
          [...(await Promise.all(sizes)), ['the client script in development', bytes(client)]],
        ),
      ],
    }
  },
}

function boundOfClient(size: number): Bound {
  return {
    what: 'the client script in development, gzip',
    ratio: () => size / 1e3,
    atMost: CLIENT_BEFORE / 1e3,
    before: CLIENT_BEFORE / 1e3,
    unit: 'kB',
  }
}

async function sizeOfClient({ folder }: Product): Promise<number> {
  return gzipSync(await readFile(path.join(folder, 'dist/dev/client.mjs'))).length
}

async function sizeOfComponent(
  folder: string,
  product: Product,
  { entry, name }: { readonly entry: string; readonly name: string },
): Promise<number> {
  const file = path.join(product.folder, 'dist/picture', entry)
  const page = path.join(folder, `${path.parse(entry).name}-page.js`)
  await writeFile(page, `export { ${name} } from ${JSON.stringify(file)}\n`)
  const built = await build({
    root: folder,
    configFile: false,
    logLevel: 'error',
    plugins: [svelte],
    build: {
      write: false,
      minify: true,
      lib: { entry: page, formats: ['es'], fileName: 'page' },
      rollupOptions: { external: FRAMEWORKS },
    },
  })
  const chunks = [built].flat().flatMap(bundle => ('output' in bundle ? bundle.output : []))
  return gzipSync(chunks.map(chunk => ('code' in chunk ? chunk.code : '')).join('')).length
}

/** Svelte's components are shipped as their sources. */
const svelte: Plugin = {
  name: 'svelte',
  transform: (code, id) => (id.endsWith('.svelte') ? compile(code, { filename: id }).js : null),
}

function bytes(size: number): string {
  return `${size.toLocaleString('en')} bytes`
}
