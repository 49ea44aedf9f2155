import imagegen from 'unplugin-imagegen/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  root: import.meta.dirname,
  // Relative, so that the page works in whichever folder it is served from.
  base: './',
  plugins: [imagegen()],
  build: {
    outDir: 'dist/vite',
    emptyOutDir: true,
  },
})
