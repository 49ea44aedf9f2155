import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { compile } from 'svelte/compiler'
import { expect, test } from 'vitest'

const REPOSITORY = path.resolve(import.meta.dirname, '../..')

/** Bytes of a component as a page loads it, without its framework. */
async function measure(framework: string, name: string): Promise<number> {
  const { outputFiles } = await build({
    stdin: {
      contents: `export { ${name} } from './src/${framework}.ts'`,
      resolveDir: REPOSITORY,
    },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    external: ['react', 'vue', 'svelte', 'svelte/*'],
    plugins: [
      {
        name: 'svelte',
        setup: ({ onLoad }) =>
          onLoad({ filter: /\.svelte$/ }, async file => ({
            contents: compile(await readFile(file.path, 'utf8'), { filename: file.path }).js.code,
          })),
      },
    ],
  })
  return gzipSync(outputFiles[0]?.contents ?? '').length
}

test.each([
  ['react', 'Picture'],
  ['vue', 'Picture'],
  ['svelte', 'Picture'],
  ['html', 'picture, pictureAttributes, preloadAttributes, dropPlaceholder'],
])('%s takes less than 2 kB, gzipped', async (framework, name) => {
  const bytes = await measure(framework, name)
  expect(bytes).toBeGreaterThan(500)
  expect(bytes).toBeLessThan(2000)
})
