import type { ResolvedConfig } from 'vite'

/** SvelteKit has HTML of its own, and warns of every plugin that would transform Vite's. */
const KIT = /^vite-plugin-sveltekit/

/** Takes back the hook for HTML where it is never called. */
export function leaveHtmlAlone({ plugins }: Pick<ResolvedConfig, 'plugins'>): void {
  if (!plugins.some(({ name }) => KIT.test(name))) return
  for (const plugin of plugins) {
    if (plugin.name === 'unplugin-imagegen') delete plugin.transformIndexHtml
  }
}
