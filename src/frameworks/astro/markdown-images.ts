/** An image of a manifest, as Markdown names it. */
const IMAGE_URL = /\.image\.ya?ml(?:\?image=[^\s"#?]+)?$/

/**
 * Content collections import a Markdown picture only where its URL ends like the name of a picture.
 * Pure.
 */
export function nameAsPicture(url: string): string {
  return IMAGE_URL.test(url) ? `${url}#.png` : url
}

/** As much of a Markdown node as is used. */
interface MarkdownNode {
  readonly type: string
  url?: string
  readonly children?: readonly MarkdownNode[]
}

/** {@link nameAsPicture} as a plugin of remark, which Astro 5 and 6 render Markdown with. */
export function remarkPictures(): (tree: MarkdownNode) => void {
  return tree => visit(tree)
}

function visit(node: MarkdownNode): void {
  const hasUrl = node.type === 'image' || node.type === 'definition'
  if (hasUrl && node.url !== undefined) node.url = nameAsPicture(node.url)
  for (const child of node.children ?? []) visit(child)
}

/** As much of a Markdown processor of Astro 7 as is used; it has more. */
export interface MarkdownProcessor {
  createRenderer(...given: readonly unknown[]): MarkdownRenderer | Promise<MarkdownRenderer>
}

export interface MarkdownRenderer {
  render(content: string, ...given: readonly unknown[]): unknown
}

/** {@link nameAsPicture} behind whatever processor renders Markdown. */
export function withPictures<Processor extends MarkdownProcessor>(processor: Processor): Processor {
  return {
    ...processor,
    async createRenderer(...given: readonly unknown[]) {
      const renderer = await processor.createRenderer(...given)
      return {
        render: async (content, ...rest) => renamePictures(await renderer.render(content, ...rest)),
      }
    },
  } satisfies MarkdownProcessor & Processor
}

/** Where rendered HTML names a picture to import, as JSON with HTML's references to characters. */
const IMPORTED = /__ASTRO_IMAGE_="[^"]*"/g

/** The URL's end within it. */
const IMPORTED_URL =
  /(\.image\.ya?ml(?:\?image=(?:[^\s"#&?]|&(?:amp|#x26|#38);)+)?)(?=&(?:quot|#x22|#34);)/g

/** The HTML names pictures, and so does a list beside it. */
function renamePictures(rendered: unknown): unknown {
  const { code, metadata, ...rest } = Object(rendered)
  if (typeof code !== 'string' || !Array.isArray(metadata?.localImagePaths)) return rendered
  return {
    ...rest,
    code: code.replace(IMPORTED, attribute => attribute.replace(IMPORTED_URL, '$1#.png')),
    metadata: { ...metadata, localImagePaths: metadata.localImagePaths.map(nameAsPicture) },
  }
}
