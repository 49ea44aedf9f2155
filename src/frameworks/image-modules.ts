import path from 'node:path'
import type { Plugin } from 'vite'
import { ConfigError } from '../errors/config-error.ts'
import { toExportName } from '../manifest/export-name.ts'
import { toSlashes } from '../system/project-path.ts'
import { shownText } from '../text/shown-text.ts'

/**
 * `./site.image.yaml?image=hero`, as Markdown names an image, and what a framework adds to it. One
 * file of an image has further parameters: that is the plugin's.
 */
const IMAGE_SOURCE = /^(.+\.image\.ya?ml)(?:\?image=([^&?#]+)(#.*)?|(#\.png.*))$/

/** The same with further parameters, where Markdown names it. */
const FILE_SOURCE = /^.+\.image\.ya?ml\?image=[^&?#]+(&[^#]+)(#\.png.*)?$/

const IMAGE_ID = /^\0imagegen-image:/

interface NamedImage {
  readonly file: string
  /** Empty: the manifest has one image. */
  readonly name: string
}

/**
 * Modules of single images for what frameworks make of Markdown: an import of
 * `./site.image.yaml?image=hero` has the image as its default export, and one of
 * `./hero.image.yaml#.png` the only image of a manifest. It is a copy that says that Markdown shows it.
 * Stands before the plugin, which makes the manifest's module.
 */
export function imageModules(): Plugin {
  let root = process.cwd()
  const images = new Map<string, NamedImage>()
  return {
    name: 'unplugin-imagegen:images',
    enforce: 'pre',
    configResolved(config) {
      root = config.root
    },
    resolveId: {
      order: 'pre',
      filter: { id: [IMAGE_SOURCE, FILE_SOURCE] },
      async handler(source, importer) {
        // Before 6.3 Vite knows no filters.
        refuseFiles(source, importer)
        const found = IMAGE_SOURCE.exec(source)
        if (!found || images.has(importer ?? '')) return null
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
        return { code: renderImageModule(image), map: { mappings: '' } }
      },
    },
  }
}

/** @throws ConfigError where Markdown names one file of an image */
function refuseFiles(source: string, importer = ''): void {
  const [, parameters = '', named] = FILE_SOURCE.exec(source) ?? []
  // Code in MDX may import the URL of one.
  const isInMarkdown = named !== undefined || /\.mdx(?:\?|$)/.test(importer)
  if (parameters === '' || !isInMarkdown || /&src(?:[&=]|$)/.test(parameters)) return
  throw new ConfigError(
    `Markdown shows an image in all of its formats and widths. Remove \`${shownText(parameters)}\` from \`${shownText(source.replace(/#\.png.*/, ''))}\`.`,
  )
}

/** Astro's content collections import from a file of their own, and name the Markdown file. */
function namedImporter(query: string, root: string): string | undefined {
  const importer = /[?&]importer=([^&]+)/.exec(query)?.[1]
  return importer === undefined ? undefined : path.resolve(root, decodeURIComponent(importer))
}

/** Other images of the manifest stay out of the output: the namespace is read by one name. */
function renderImageModule({ file, name }: NamedImage): string {
  const member = name === '' ? 'default' : (toExportName(name) ?? name)
  // The plugin says what is meant where a name is wrong.
  const checked = JSON.stringify(`${file}?image=${encodeURIComponent(name)}`)
  return `${name === '' ? '' : `import ${checked}\n`}import * as images from ${JSON.stringify(file)}
const image = images[${JSON.stringify(member)}]
export default { ...image, inMarkdown: true }
`
}
