import type { Plugin } from 'vite'
import { expect, test } from 'vitest'
import { createSite, startVite } from './dev-site.ts'

/** As SvelteKit looks for plugins that it warns of. */
function kit(name: string, found: string[]): Plugin {
  return {
    name,
    configResolved(config) {
      found.push(...config.plugins.filter(plugin => plugin.transformIndexHtml).map(p => p.name))
    },
  }
}

test('SvelteKit finds no hook for HTML in the plugin, others do', async () => {
  const site = await createSite({ 'a.image.yaml': 'prompt: A lighthouse\n' })
  const inKit: string[] = []
  await startVite(site, { plugins: [kit('vite-plugin-sveltekit-compile', inKit)] })
  expect(inKit).not.toContain('unplugin-imagegen')
  const elsewhere: string[] = []
  await startVite(site, { plugins: [kit('another', elsewhere)] })
  expect(elsewhere).toContain('unplugin-imagegen')
})
