import type { Plugin } from 'vite'

/** What Astro makes of Markdown imports these: Astro's runtime, and `<Image>` where it is MDX. */
const RUNTIME = /(?:^|\/)runtime\/server\/index\.js$/
const ASSETS = 'astro:assets'

/** Markdown pages, and the entries of content collections. */
const MARKDOWN = /\.(?:md|markdown|mdown|mkdn|mkd|mdwn)$|\/astro\/dist\/content\/runtime\.js$/

const RUNTIME_ID = '\0imagegen-astro-runtime'
const ASSETS_ID = '\0imagegen-astro-assets'

const MODULES: Readonly<Record<string, string>> = {
  [RUNTIME_ID]: `import { unescapeHTML as unescape } from 'astro/runtime/server/index.js'
import { showPictures } from 'unplugin-imagegen/astro/image-service'
export * from 'astro/runtime/server/index.js'
export const unescapeHTML = html => unescape(showPictures(html))
`,
  [ASSETS_ID]: `import { Image as AstroImage } from '${ASSETS}'
import { createComponent, render, renderComponent } from 'astro/runtime/server/index.js'
import Picture from 'unplugin-imagegen/astro/Picture.astro'
import { pictureProps } from 'unplugin-imagegen/astro/image-service'
export * from '${ASSETS}'
export const Image = createComponent((result, props, slots) => {
  const ours = pictureProps(props)
  const component = ours ? Picture : AstroImage
  return render\`\${renderComponent(result, 'Image', component, ours ?? props, slots)}\`
})
`,
}

/**
 * Makes Markdown show images of manifests by `<picture>`. Astro knows only `<img>` there, so what
 * its output imports is replaced: what puts HTML into a page, and MDX's component for images.
 */
export function markdownPictures(): Plugin {
  return {
    name: 'unplugin-imagegen:astro-markdown',
    enforce: 'pre',
    resolveId: {
      order: 'pre',
      filter: { id: [RUNTIME, /^astro:assets$/] },
      handler(source, importer = '') {
        const [file = ''] = importer.split('?')
        if (this.environment?.name === 'client') return null
        if (source === ASSETS) return file.endsWith('.mdx') ? ASSETS_ID : null
        return RUNTIME.test(source) && MARKDOWN.test(file) ? RUNTIME_ID : null
      },
    },
    load: {
      filter: { id: /^\0imagegen-astro-(?:runtime|assets)$/ },
      handler: id => MODULES[id] ?? null,
    },
  }
}
