import { createRequire } from 'node:module'
import path from 'node:path'
import type { OutputOptions, RollupOptions } from 'rollup'
import imagegen from 'unplugin-imagegen/rollup'
import { page } from './page.ts'

const dirname = import.meta.dirname

export default {
  input: path.join(dirname, 'src/main.js'),
  plugins: [
    imagegen({ root: dirname }),
    {
      // What @rollup/plugin-node-resolve does for every package.
      name: 'resolve-package',
      resolveId: id =>
        id === 'unplugin-imagegen/html' ? createRequire(import.meta.url).resolve(id) : null,
    },
    {
      name: 'page',
      async generateBundle() {
        for (const { fileName, source } of await page('main.js')) {
          this.emitFile({ type: 'asset', fileName, source })
        }
      },
    },
  ],
  output: { dir: path.join(dirname, 'dist/rollup'), format: 'es' },
} satisfies RollupOptions & { output: OutputOptions }
