import { randomUUID } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build, type Plugin } from 'esbuild'
import { compile } from 'svelte/compiler'

const REPOSITORY = path.resolve(import.meta.dirname, '../..')

/** Its types would take the place of Svelte 5's. */
const svelte4 = createRequire(import.meta.url)('svelte4/compiler') as {
  compile(source: string, options: object): { readonly js: { readonly code: string } }
}

/** How a page of pictures is written in one framework; `show(cases)` changes what it shows. */
export interface PageFramework {
  readonly name: string
  /** Exports `render()`, which gives the markup of the page's `#app`. */
  readonly server: string
  /** Shows the page in `#app`: takes over what stands there, or puts it there. */
  readonly client: string
  readonly alias?: Readonly<Record<string, string>>
  readonly svelte?: (source: string, filename: string, side: 'server' | 'client') => string
}

/** Tells a test that the page's script has done its work. */
const READY = `document.documentElement.dataset.ready = ''`

const REACT_APP = `import { createElement, useEffect, useState } from 'react'
import { Picture } from 'unplugin-imagegen/react'
import cases from 'cases'
const styleOf = text => Object.fromEntries(text.split(';').map(part => {
  const [name, value] = part.split(':').map(word => word.trim())
  return [name.replace(/-(\\w)/g, (_, letter) => letter.toUpperCase()), value]
}))
const adapt = ({ class: className, style, ...rest }) =>
  ({ ...rest, ...(className && { className }), ...(style && { style: styleOf(style) }) })
const List = ({ shown }) => shown.map(({ name, src, props }) => createElement('section', { key: name, id: name },
  createElement(Picture, { src, ...adapt(props), onLoad: () => globalThis.loads?.push(name) })))
const App = () => {
  const [shown, show] = useState(cases)
  useEffect(() => {
    globalThis.show = show
    ${READY}
  }, [])
  return createElement(List, { shown })
}
`

const REACT = {
  server: `${REACT_APP}import { renderToString } from 'react-dom/server'
export const render = () => renderToString(createElement(App))`,
  client: `${REACT_APP}import { createRoot, hydrateRoot } from 'react-dom/client'
const app = document.querySelector('#app')
if (app.firstChild) hydrateRoot(app, createElement(App))
else createRoot(app).render(createElement(App))`,
}

const VUE_APP = `import { createSSRApp, h, shallowRef } from 'vue'
import { Picture } from 'unplugin-imagegen/vue'
import cases from 'cases'
const shown = shallowRef(cases)
globalThis.show = next => { shown.value = next }
const App = () => shown.value.map(({ name, src, props }) =>
  h('section', { id: name }, h(Picture, { src, ...props, onLoad: () => globalThis.loads?.push(name) })))
`

const SVELTE_APP = `<script>
import { Picture } from 'unplugin-imagegen/svelte'
import cases from 'cases'
let shown = cases
globalThis.show = next => { shown = next }
</script>
{#each shown as { name, src, props }}<section id={name}><Picture {src} {...props} on:load={() => globalThis.loads?.push(name)} /></section>{/each}`

const SVELTE_5 = {
  server: `import { render as renderApp } from 'svelte/server'
import App from 'app.svelte'
export const render = () => renderApp(App).body`,
  client: `import { hydrate, mount } from 'svelte'
import App from 'app.svelte'
const target = document.querySelector('#app')
if (target.firstChild) hydrate(App, { target })
else mount(App, { target })
${READY}`,
}

const SVELTE_4 = {
  server: `import App from 'app.svelte'
export const render = () => App.render().html`,
  client: `import App from 'app.svelte'
const target = document.querySelector('#app')
new App({ target, hydrate: target.firstChild !== null })
${READY}`,
}

const HTML_APP = `import { picture } from 'unplugin-imagegen/html'
import cases from 'cases'
export const render = () => cases.map(({ name, src, props }) =>
  '<section id="' + name + '">' + picture(src, props) + '</section>').join('')
`

export const PAGE_FRAMEWORKS: readonly PageFramework[] = [
  {
    name: 'html',
    server: HTML_APP,
    client: `${HTML_APP}
const app = document.querySelector('#app')
if (!app.firstChild) app.innerHTML = render()
${READY}`,
  },
  {
    name: 'React 18',
    ...REACT,
    alias: { react: 'react18', 'react-dom': 'react-dom18' },
  },
  { name: 'React 19', ...REACT },
  {
    name: 'Vue 3',
    server: `${VUE_APP}import { renderToString } from 'vue/server-renderer'
export const render = () => renderToString(createSSRApp(App))`,
    client: `${VUE_APP}import { createApp } from 'vue'
const app = document.querySelector('#app')
;(app.firstChild ? createSSRApp(App) : createApp(App)).mount(app)
${READY}`,
  },
  {
    name: 'Svelte 4',
    ...SVELTE_4,
    alias: { svelte: 'svelte4' },
    svelte: (source, filename, side) => {
      const generate = side === 'server' ? 'ssr' : 'dom'
      return svelte4.compile(source, { filename, generate, hydratable: true, dev: true }).js.code
    },
  },
  {
    name: 'Svelte 5',
    ...SVELTE_5,
    svelte: (source, filename, generate) =>
      compile(source, { filename, generate, dev: true }).js.code,
  },
]

/** Gives an app its cases, and compiles components as the framework's own plugin does. */
function resolveApp(
  cases: readonly unknown[],
  compileSvelte: (source: string, filename: string) => string,
): Plugin {
  return {
    name: 'app',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^(?:cases|app\.svelte)$/ }, ({ path: name }) => ({
        path: name,
        namespace: 'app',
      }))
      onLoad({ filter: /^cases$/, namespace: 'app' }, () => ({
        contents: JSON.stringify(cases),
        loader: 'json',
      }))
      onLoad({ filter: /\.svelte$/, namespace: 'app' }, ({ path: name }) => ({
        contents: compileSvelte(SVELTE_APP, name),
        resolveDir: REPOSITORY,
      }))
      onLoad({ filter: /\.svelte$/ }, async ({ path: name }) => ({
        contents: compileSvelte(await readFile(name, 'utf8'), name),
      }))
    },
  }
}

async function bundle(
  framework: PageFramework,
  cases: readonly unknown[],
  side: 'server' | 'client',
): Promise<string> {
  const { svelte = () => '', alias = {} } = framework
  const { outputFiles } = await build({
    stdin: { contents: framework[side], resolveDir: REPOSITORY, loader: 'js' },
    bundle: true,
    write: false,
    logLevel: 'silent',
    target: 'es2022',
    format: side === 'server' ? 'cjs' : 'iife',
    platform: side === 'server' ? 'node' : 'browser',
    conditions: ['svelte', 'development'],
    mainFields: side === 'server' ? ['module', 'main'] : ['browser', 'module', 'main'],
    alias: { ...alias },
    define: {
      'process.env.NODE_ENV': '"development"',
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    plugins: [resolveApp(cases, (source, filename) => svelte(source, filename, side))],
  })
  return outputFiles[0]?.text ?? ''
}

/** What a server sends for the cases, in the place of `#app`. */
export async function renderOnServer(
  framework: PageFramework,
  cases: readonly unknown[],
): Promise<string> {
  const file = path.join(tmpdir(), `imagegen-picture-${randomUUID()}.cjs`)
  await writeFile(file, await bundle(framework, cases, 'server'))
  try {
    const { render } = createRequire(import.meta.url)(file) as {
      render(): string | Promise<string>
    }
    return await render()
  } finally {
    await rm(file)
  }
}

/** The script of the same page. */
export function bundleClient(framework: PageFramework, cases: readonly unknown[]): Promise<string> {
  return bundle(framework, cases, 'client')
}
