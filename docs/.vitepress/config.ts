import { withImagegen } from 'unplugin-imagegen/vitepress'
import { defineConfig } from 'vitepress'
import { navigation, sidebar } from './navigation.ts'

/** Pages of wide tables. */
const WIDE = [
  'errors',
  'manifest',
  'options',
  'performance',
  'providers',
  'reliability',
  'security',
].map(page => `reference/${page}.md`)

export default withImagegen(
  defineConfig({
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
      logLevel: 'warn',
      // The search brings the text of every page.
      build: { chunkSizeWarningLimit: 2_000 },
    },
    // Wide tables take the room of the outline.
    transformPageData: ({ relativePath }) =>
      WIDE.includes(relativePath) ? { frontmatter: { aside: false } } : undefined,
    themeConfig: {
      nav: navigation,
      sidebar,
      outline: [2, 3],
      search: { provider: 'local' },
      docFooter: { prev: 'Previous', next: 'Next' },
    },
  }),
)
