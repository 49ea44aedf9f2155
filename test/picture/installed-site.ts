import { mkdir, symlink } from 'node:fs/promises'
import path from 'node:path'
import { compile } from 'svelte/compiler'
import type { Plugin } from 'vite'

const REPOSITORY = path.resolve(import.meta.dirname, '../..')

/** Puts this package, as it was built, and frameworks beside a site, as `npm install` does. */
export async function installInto(root: string): Promise<void> {
  const folder = path.join(root, 'node_modules')
  await mkdir(folder)
  await symlink(REPOSITORY, path.join(folder, 'unplugin-imagegen'), 'junction')
  for (const name of ['react', 'react-dom', 'svelte', 'vue']) {
    await symlink(path.join(REPOSITORY, 'node_modules', name), path.join(folder, name), 'junction')
  }
}

/** As much of Svelte's own plugin as a build needs. */
export const svelte: Plugin = {
  name: 'svelte',
  transform(source, id, options) {
    if (!id.endsWith('.svelte')) return null
    const generate = options?.ssr ? 'server' : 'client'
    return compile(source, { filename: id, generate, dev: false }).js
  },
}

/** One page in each framework: `server.js` renders it, `main.js` takes it over. */
export const SITES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  React: {
    'app.js': `import { createElement } from 'react'
import { Picture } from 'unplugin-imagegen/react'
import { hero } from './site.image.yaml'
export const App = () => createElement(Picture, { src: hero, id: 'hero', sizes: '64px', priority: true })`,
    'server.js': `import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { App } from './app.js'
export const render = () => renderToString(createElement(App))`,
    'main.js': `import { createElement } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { App } from './app.js'
hydrateRoot(document.querySelector('#app'), createElement(App))`,
  },
  Vue: {
    'app.js': `import { createSSRApp, h } from 'vue'
import { Picture } from 'unplugin-imagegen/vue'
import { hero } from './site.image.yaml'
export const app = createSSRApp(() => h(Picture, { src: hero, id: 'hero', sizes: '64px', priority: true }))`,
    'server.js': `import { renderToString } from 'vue/server-renderer'
import { app } from './app.js'
export const render = () => renderToString(app)`,
    'main.js': `import { app } from './app.js'
app.mount('#app')`,
  },
  Svelte: {
    'App.svelte': `<script>
import { Picture } from 'unplugin-imagegen/svelte'
import { hero } from './site.image.yaml'
</script>
<Picture src={hero} id="hero" sizes="64px" priority />`,
    'server.js': `import { render as renderApp } from 'svelte/server'
import App from './App.svelte'
export const render = () => renderApp(App).body`,
    'main.js': `import { hydrate } from 'svelte'
import App from './App.svelte'
hydrate(App, { target: document.querySelector('#app') })`,
  },
  html: {
    'app.js': `import { picture } from 'unplugin-imagegen/html'
import { hero } from './site.image.yaml'
export const render = () => picture(hero, { id: 'hero', sizes: '64px', priority: true })`,
    'server.js': `export { render } from './app.js'`,
    'main.js': `import { render } from './app.js'
document.querySelector('#app').innerHTML = render()`,
  },
}
