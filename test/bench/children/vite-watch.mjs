import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { build } from 'vite'
import { input } from './input.mjs'
import { vitePlugins } from './plugins.mjs'
import { note } from './report.mjs'

const { root, edits } = input
const manifest = path.join(root, 'site.image.yaml')
const started = performance.now()
const watcher = await build({
  root,
  configFile: false,
  logLevel: 'error',
  plugins: await vitePlugins.product(input),
  build: { assetsInlineLimit: 0, reportCompressedSize: false, watch: {} },
})

function nextEnd() {
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

note('cold', (await nextEnd()) - started)
const durations = []
for (let edit = 1; edit <= edits; edit++) {
  const text = await readFile(manifest, 'utf8')
  const ended = nextEnd()
  const began = performance.now()
  // Widths that were never made: four encodes of one picture.
  await writeFile(
    manifest,
    text.replace(/widths: \[\d+, \d+\] # one/, `widths: [${640 - edit}, ${1280 - edit}] # one`),
  )
  durations.push((await ended) - began)
}
await watcher.close()
note('edit', durations.sort((a, b) => a - b)[Math.floor(durations.length / 2)])
process.exit()
