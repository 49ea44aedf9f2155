import imagegen from 'unplugin-imagegen/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [imagegen()],
  build: { lib: { entry: 'src/index.ts', formats: ['es'], fileName: () => 'index.js' } },
})
