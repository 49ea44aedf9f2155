import path from 'node:path'
import imagegen from 'unplugin-imagegen/webpack'
import { type Compiler, type Configuration, sources } from 'webpack'
import { page } from './page.ts'

const dirname = import.meta.dirname

export default {
  mode: 'production',
  context: dirname,
  entry: path.join(dirname, 'src/main.js'),
  output: { path: path.join(dirname, 'dist/webpack'), clean: true, publicPath: 'auto' },
  // The page shows pictures; their size is no reason for a warning.
  performance: { hints: false },
  plugins: [
    imagegen(),
    (compiler: Compiler) => {
      compiler.hooks.thisCompilation.tap('page', compilation => {
        compilation.hooks.processAssets.tapPromise('page', async () => {
          for (const { fileName, source } of await page('main.js')) {
            compilation.emitAsset(fileName, new sources.RawSource(source))
          }
        })
      })
    },
  ],
} satisfies Configuration
