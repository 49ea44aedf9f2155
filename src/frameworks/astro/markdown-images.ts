/** An image of a manifest, as Markdown names it, up to where its URL ends. */
const IMAGE_URL = /(\.image\.ya?ml\?image=[^\s)>"'#&?]+)(?![^\s)>"'])/g

/**
 * Content collections import a Markdown picture only where its URL ends like the name of a picture.
 * Pure.
 */
export function nameAsPictures(markdown: string): string {
  return markdown.replace(IMAGE_URL, '$1#.png')
}

/** As much of a Markdown node as is used. */
interface MarkdownNode {
  readonly type: string
  url?: string
  readonly children?: readonly MarkdownNode[]
}

/** {@link nameAsPictures} as a plugin of remark, which Astro 5 and 6 render Markdown with. */
export function remarkPictures(): (tree: MarkdownNode) => void {
  return tree => visit(tree)
}

function visit(node: MarkdownNode): void {
  const hasUrl = node.type === 'image' || node.type === 'definition'
  if (hasUrl && node.url !== undefined) node.url = nameAsPictures(node.url)
  for (const child of node.children ?? []) visit(child)
}

/** As much of a Markdown processor of Astro 7 as is used; it has more. */
export interface MarkdownProcessor {
  createRenderer(...given: readonly unknown[]): MarkdownRenderer | Promise<MarkdownRenderer>
}

export interface MarkdownRenderer {
  render(content: string, ...given: readonly unknown[]): unknown
}

/** {@link nameAsPictures} before whatever processor renders Markdown. */
export function withPictures<Processor extends MarkdownProcessor>(processor: Processor): Processor {
  return {
    ...processor,
    async createRenderer(...given: readonly unknown[]) {
      const renderer = await processor.createRenderer(...given)
      return { render: (content, ...rest) => renderer.render(nameAsPictures(content), ...rest) }
    },
  } satisfies MarkdownProcessor & Processor
}
