import imagegen from 'unplugin-imagegen/vite'
import { defineConfig } from 'vitepress'
import { navigation, sidebar } from './navigation.ts'

export default defineConfig({
  title: 'unplugin-imagegen',
  description: 'Pictures for your site, generated from prompts when you build.',
  lang: 'en',
  cleanUrls: true,
  // Made of the manifest's `mark`, whose `icons` the theme emits.
  head: [['link', { rel: 'icon', href: '/favicon.ico' }]],
  markdown: {
    languageAlias: { gitattributes: 'ini' },
    // `{{name}}` in inline code is text, not Vue's.
    config: md => {
      const render = md.renderer.rules.code_inline
      md.renderer.rules.code_inline = (...args) =>
        render?.(...args).replace('<code', '<code v-pre') ?? ''
    },
  },
  vite: {
    plugins: [imagegen()],
    logLevel: 'warn',
    // The search brings the text of every page.
    build: { chunkSizeWarningLimit: 2_000 },
  },
  themeConfig: {
    nav: navigation,
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
    docFooter: { prev: 'Previous', next: 'Next' },
  },
})
