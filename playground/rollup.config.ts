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
