import path from 'node:path'
import { promisify } from 'node:util'
import webpack from 'webpack'
import { input } from './input.mjs'

const { root, plugin } = input

async function plugins() {
  if (plugin === 'none') return []
  const { default: imagegen } = await import('unplugin-imagegen/webpack')
  return [imagegen({ root, mode: 'frozen' })]
}

const compiler = webpack({
  mode: 'production',
  context: root,
  entry: './main.js',
  output: { path: path.join(root, 'dist'), clean: true },
  performance: false,
  module: { rules: [{ test: /\.(?:avif|webp|jpe?g)$/, type: 'asset/resource' }] },
  plugins: await plugins(),
})
const stats = await promisify(compiler.run.bind(compiler))()
if (stats.hasErrors()) throw new Error(stats.toString())
await promisify(compiler.close.bind(compiler))()
