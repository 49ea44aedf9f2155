import adapter from '@sveltejs/adapter-node'
import { enhancedImages } from '@sveltejs/enhanced-img'
import { sveltekit } from '@sveltejs/kit/vite'
import imagegen from 'unplugin-imagegen/vite'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [imagegen(), enhancedImages(), sveltekit({ adapter: adapter() })],
})
