import { build } from 'vite'
import { input } from './input.mjs'
import { vitePlugins } from './plugins.mjs'

const { root, plugin } = input
await build({
  root,
  configFile: false,
  logLevel: 'error',
  plugins: await vitePlugins[plugin](input),
  build: { assetsInlineLimit: 0, reportCompressedSize: false },
})
