import type { PluginOption } from 'vite'

/** A small site in one framework: an input, a picture in `#hero`, a background in `#box`. */
export interface Framework {
  readonly files: Readonly<Record<string, string>>
  plugins(): Promise<readonly PluginOption[]>
}

const page = (entry: string) => `<!doctype html><body><div id="app"></div>
<script type="module" src="/${entry}"></script>`

export const FRAMEWORKS: Readonly<Record<string, Framework>> = {
  'plain TypeScript': {
    files: {
      'index.html': page('main.ts'),
      'main.ts': `import { hero, tile } from './site.image.yaml'
const app = document.querySelector('#app')
app.innerHTML = '<input id="typed"><button id="count">0</button><picture></picture><div id="box"></div>'
const count = document.querySelector('#count')
count.addEventListener('click', () => { count.textContent = String(Number(count.textContent) + 1) })
const picture = document.querySelector('picture')
for (const { type, srcset } of hero.sources) {
  picture.append(Object.assign(document.createElement('source'), { type, srcset, sizes: '96px' }))
}
const img = Object.assign(new Image(), { id: 'hero', width: hero.width, height: hero.height })
img.src = hero.src
picture.append(img)
document.querySelector('#box').style.backgroundImage = 'url("' + tile.src + '")'
Object.assign(window, { hero, tile })`,
    },
    plugins: async () => [],
  },
  React: {
    files: {
      'index.html': page('main.jsx'),
      'main.jsx': `import { createRoot } from 'react-dom/client'
import { App } from './app.jsx'
createRoot(document.querySelector('#app')).render(<App />)`,
      'app.jsx': `import { useState } from 'react'
import { hero, tile } from './site.image.yaml'
Object.assign(window, { hero, tile })
export function App() {
  const [count, setCount] = useState(0)
  return <>
    <input id="typed" />
    <button id="count" onClick={() => setCount(count + 1)}>{count}</button>
    <picture>
      {hero.sources.map(({ type, srcset }) => <source key={type} type={type} srcSet={srcset} sizes="96px" />)}
      <img id="hero" src={hero.src} width={hero.width} height={hero.height} />
    </picture>
    <div id="box" style={{ backgroundImage: 'url("' + tile.src + '")' }} />
  </>
}`,
    },
    plugins: async () => [(await import('@vitejs/plugin-react')).default()],
  },
  Vue: {
    files: {
      'index.html': page('main.js'),
      'main.js': `import { createApp } from 'vue'
import App from './app.vue'
createApp(App).mount('#app')`,
      'app.vue': `<script setup>
import { ref } from 'vue'
import { hero, tile } from './site.image.yaml'
Object.assign(window, { hero, tile })
const count = ref(0)
</script>
<template>
  <input id="typed">
  <button id="count" @click="count++">{{ count }}</button>
  <picture>
    <source v-for="{ type, srcset } of hero.sources" :key="type" :type="type" :srcset="srcset" sizes="96px">
    <img id="hero" :src="hero.src" :width="hero.width" :height="hero.height">
  </picture>
  <div id="box" :style="{ backgroundImage: 'url(' + tile.src + ')' }" />
</template>`,
    },
    plugins: async () => [(await import('@vitejs/plugin-vue')).default()],
  },
}
