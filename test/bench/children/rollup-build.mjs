import path from 'node:path'
import { rollup } from 'rollup'
import { input } from './input.mjs'

const { root, plugin } = input

async function plugins() {
  if (plugin === 'none') {
    const { default: url } = await import('@rollup/plugin-url')
    return [url({ limit: 0, include: ['**/*.avif', '**/*.webp', '**/*.jpg', '**/*.jpeg'] })]
  }
  const { default: imagegen } = await import('unplugin-imagegen/rollup')
  return [imagegen({ root, mode: 'frozen' })]
}

const bundle = await rollup({ input: path.join(root, 'main.js'), plugins: await plugins() })
await bundle.write({ dir: path.join(root, 'dist') })
await bundle.close()
