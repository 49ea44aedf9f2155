import path from 'node:path'
import type { Plugin } from 'vite'
import { toExportName } from '../manifest/export-name.ts'
import { toSlashes } from '../system/project-path.ts'
import { shownText } from '../text/shown-text.ts'

/**
 * `./site.image.yaml?image=hero`, as Markdown names an image, and what a framework adds to it. One
 * file of an image has further parameters: that is the plugin's.
 */
const IMAGE_SOURCE = /^(.+\.image\.ya?ml)(?:\?image=([^&?#]+)(#.*)?|(#\.png.*))$/

const IMAGE_ID = /^\0imagegen-image:/

/**
 * Modules of single images for what frameworks make of Markdown: an import of
 * `./site.image.yaml?image=hero` has the image as its default export, and one of
 * `./hero.image.yaml#.png` the only image of a manifest. It is a copy that says that Markdown shows it.
 * Stands before the plugin, which makes the manifest's module.
 */
export function imageModules(): Plugin {
  let root = process.cwd()
  const images = new Map<string, { readonly file: string; readonly name: string }>()
  return {
    name: 'unplugin-imagegen:images',
    enforce: 'pre',
    configResolved(config) {
      root = config.root
    },
    resolveId: {
      order: 'pre',
      filter: { id: IMAGE_SOURCE },
      async handler(source, importer) {
        // Before 6.3 Vite knows no filters.
        const found = IMAGE_SOURCE.exec(source)
        if (!found) return null
        const [, specifier = '', encoded = '', named, single] = found
        const from = namedImporter(named ?? single ?? '', root) ?? importer
        const resolved = await this.resolve(specifier, from, { skipSelf: true })
        if (!resolved || resolved.external) return null
        const [file = ''] = resolved.id.split('?')
        const name = decodeURIComponent(encoded)
        const id = `\0imagegen-image:${encoded}:${toSlashes(file)}.js`
        images.set(id, { file, name })
        return { id, moduleSideEffects: false }
      },
    },
    load: {
      filter: { id: IMAGE_ID },
      handler(id) {
        const image = images.get(id)
        if (!image) return null
        return { code: renderImageModule(image, root), map: { mappings: '' } }
      },
    },
  }
}

/** Astro's content collections import from a file of their own, and name the Markdown file. */
function namedImporter(query: string, root: string): string | undefined {
  const importer = /[?&]importer=([^&]+)/.exec(query)?.[1]
  return importer === undefined ? undefined : path.resolve(root, decodeURIComponent(importer))
}

/**
 * Other images of the manifest stay out of the output: the namespace is read by one name.
 * @param name empty: the manifest has one image
 */
function renderImageModule(
  { file, name }: { readonly file: string; readonly name: string },
  root: string,
): string {
  const fault = shownText(
    `${toSlashes(path.relative(root, file))} has no image ${JSON.stringify(name)}, which \`?image=\` names. A manifest of one image is named without \`?image=\`.`,
  )
  const member = name === '' ? 'default' : (toExportName(name) ?? name)
  return `import * as images from ${JSON.stringify(file)}
const image = images[${JSON.stringify(member)}]
if (image === undefined) throw new TypeError(${JSON.stringify(fault)})
export default { ...image, inMarkdown: true }
`
}
