import imagegen from 'unplugin-imagegen/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  // URLs relative to the module: consumers put its files wherever they like.
  base: './',
  plugins: [imagegen()],
  build: { lib: { entry: 'src/index.ts', formats: ['es'], fileName: () => 'index.js' } },
})
