import {
  createPictureImports,
  type PictureImports,
  parseMarkdownPicture,
  renderPictureImport,
  renderPictureReference,
} from './markdown-picture.ts'

/** As much of a token of markdown-it as is used. */
export interface MarkdownItToken {
  readonly attrs: readonly (readonly [name: string, value: string])[] | null
  readonly children: readonly MarkdownItToken[] | null
}

/** A rule of markdown-it's renderer; a method, so that one that takes more of a token is one too. */
export interface MarkdownItRule {
  render(
    tokens: MarkdownItToken[],
    index: number,
    options: never,
    env: never,
    self: MarkdownItSelf,
  ): string
}

/** The renderer, as rules get it. */
export interface MarkdownItSelf {
  renderInlineAsText(tokens: MarkdownItToken[], options: never, env: never): string
}

/** As much of markdown-it as is used. */
export interface MarkdownItHost {
  render(source: string, env?: object): string
  readonly renderer: { readonly rules: { image?: MarkdownItRule['render'] | undefined } }
}

/** As much as is used of the parts of a Vue component that `@mdit-vue/plugin-sfc` finds. */
interface SfcBlocks {
  scriptSetup?: SfcBlock | null
  readonly scripts: SfcBlock[]
}

interface SfcBlock {
  readonly type: string
  content: string
  contentStripped: string
  readonly tagOpen: string
  readonly tagClose: string
}

/** The component's name in documents. */
const COMPONENT = 'ImagegenPicture'

/**
 * A plugin of markdown-it, for Markdown that becomes a Vue component: an image of a manifest is shown
 * by `<Picture>`. VitePress gets it by `withImagegen()`.
 * @example
 * ```ts
 * import { vueMarkdownPictures } from 'unplugin-imagegen/markdown'
 *
 * Markdown({ markdownItSetup: md => void md.use(vueMarkdownPictures) }) // unplugin-vue-markdown
 * ```
 */
export function vueMarkdownPictures(md: MarkdownItHost): void {
  const renderDocument = md.render.bind(md)
  const renderOther = md.renderer.rules.image
  /** Of the document that is being rendered, which takes no turns with others. */
  let imports: PictureImports | undefined

  md.renderer.rules.image = (tokens, index, options, env, self) => {
    const token = tokens[index]
    const { src = '', alt: _, ...attributes } = Object.fromEntries(token?.attrs ?? [])
    const picture = parseMarkdownPicture(src)
    if (!picture || !imports || !token) {
      return renderOther?.(tokens, index, options, env, self) ?? ''
    }
    const image = renderPictureReference(imports.add(picture))
    const alt = self.renderInlineAsText([...(token.children ?? [])], options, env)
    return renderComponent(image, alt, attributes)
  }

  md.render = (source, env = {}) => {
    const outer = imports
    imports = createPictureImports()
    try {
      const html = renderDocument(source, env)
      const statements = imports.statements().map(renderPictureImport)
      if (statements.length === 0) return html
      statements.unshift(`import { Picture as ${COMPONENT} } from 'unplugin-imagegen/vue'`)
      return withScript(html, env, `\n${statements.join('\n')}\n`)
    } finally {
      imports = outer
    }
  }
}

/** Without a text of its own a picture has the manifest's. */
function renderComponent(
  image: string,
  alt: string,
  attributes: Readonly<Record<string, string>>,
): string {
  const described =
    alt === '' ? `:alt="${escapeHtml(image)}.alt ?? ''"` : `alt="${escapeHtml(alt)}"`
  const others = Object.entries(attributes).map(
    ([name, value]) => ` ${name}="${escapeHtml(value)}"`,
  )
  return `<${COMPONENT} :src="${escapeHtml(image)}" ${described}${others.join('')} />`
}

/** Adds statements to the document's own `<script setup>`, or gives it one. */
function withScript(html: string, env: object, statements: string): string {
  const blocks = 'sfcBlocks' in env ? (env.sfcBlocks as SfcBlocks | null) : undefined
  if (!blocks) return `${html}\n<script setup>${statements}</script>\n`
  const own = blocks.scripts.find(({ tagOpen }) => /\ssetup\b/.test(tagOpen))
  if (own) {
    own.contentStripped = statements + own.contentStripped
    own.content = own.tagOpen + own.contentStripped + own.tagClose
    return html
  }
  // Both scripts of a component have one language.
  const language = /\slang=(?:"[^"]*"|'[^']*')/.exec(blocks.scripts[0]?.tagOpen ?? '')?.[0] ?? ''
  const tagOpen = `<script setup${language}>`
  const tagClose = '</script>'
  const content = tagOpen + statements + tagClose
  const block = { type: 'script', content, contentStripped: statements, tagOpen, tagClose }
  blocks.scriptSetup = block
  blocks.scripts.push(block)
  return html
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
