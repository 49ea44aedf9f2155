import { build } from 'vite'
import { input } from './input.mjs'
import { vitePlugins } from './plugins.mjs'

/** When the first build was begun. */
export const started = performance.now()

/** `vite build --watch` of the product. */
export const watcher = await build({
  root: input.root,
  configFile: false,
  logLevel: 'error',
  plugins: await vitePlugins.product(input),
  build: { assetsInlineLimit: 0, reportCompressedSize: false, watch: {} },
})

/** Resolves with the time at which the next build has ended. */
export function nextEnd() {
  return new Promise((resolve, reject) => {
    const listen = event => {
      if (event.code === 'BUNDLE_END') void event.result?.close()
      if (event.code === 'ERROR') reject(event.error)
      if (event.code !== 'END') return
      watcher.off?.('event', listen)
      resolve(performance.now())
    }
    watcher.on('event', listen)
  })
}
