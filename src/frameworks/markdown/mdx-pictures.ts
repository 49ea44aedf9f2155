import {
  createPictureImports,
  type PictureImport,
  type PictureImports,
  type PictureReference,
  parseMarkdownPicture,
} from './markdown-picture.ts'

export interface MdxPictureOptions {
  /**
   * The module whose export `Picture` shows an image.
   * @default 'unplugin-imagegen/react'
   */
  readonly from?: string
}

/** As much of a Markdown node as is used. */
export interface MdxNode {
  readonly type: string
  readonly name?: string
  readonly url?: string
  readonly alt?: string | null
  readonly title?: string | null
  readonly identifier?: string
  readonly attributes?: readonly object[]
  readonly data?: object
  children?: MdxNode[]
}

/** A node of ESTree: MDX takes code that was parsed already. */
type Estree = Readonly<Record<string, unknown>>

/** The component's name in documents. */
const COMPONENT = 'ImagegenPicture'

/**
 * A plugin of remark, for MDX: an image of a manifest is shown by `<Picture>`.
 * @example
 * ```ts
 * import mdx from '@mdx-js/rollup'
 * import { mdxPictures } from 'unplugin-imagegen/markdown'
 *
 * mdx({ remarkPlugins: [mdxPictures] })
 * ```
 */
export function mdxPictures({
  from = 'unplugin-imagegen/react',
}: MdxPictureOptions = {}): (tree: MdxNode) => void {
  return tree => {
    const imports = createPictureImports()
    const definitions = new Map<string, MdxNode>()
    visit(tree, node => {
      if (node.type === 'definition') definitions.set(node.identifier ?? '', node)
    })
    visit(tree, node => {
      if (!node.children) return
      node.children = node.children.map(child => pictureFor(child, definitions, imports) ?? child)
    })
    const statements = imports.statements()
    if (statements.length === 0) return
    const component = { imported: 'Picture', local: COMPONENT }
    tree.children?.unshift(importNode([{ source: from, binding: component }, ...statements]))
  }
}

function visit(node: MdxNode, visitor: (node: MdxNode) => void): void {
  visitor(node)
  for (const child of node.children ?? []) visit(child, visitor)
}

/** The component in an image's place; undefined for all other nodes. */
function pictureFor(
  node: MdxNode,
  definitions: ReadonlyMap<string, MdxNode>,
  imports: PictureImports,
): MdxNode | undefined {
  const isReference = node.type === 'imageReference'
  if (!isReference && node.type !== 'image') return undefined
  const { url, title } = isReference ? (definitions.get(node.identifier ?? '') ?? node) : node
  const picture = parseMarkdownPicture(url ?? '')
  if (!picture) return undefined
  const image = imports.add(picture)
  const attributes = [
    attribute('src', expressionOf(image)),
    attribute('alt', node.alt ? node.alt : altOf(image)),
    ...(title ? [attribute('title', title)] : []),
  ]
  return { type: 'mdxJsxTextElement', name: COMPONENT, attributes, children: [] }
}

function attribute(name: string, value: string | Estree): Estree {
  const given = typeof value === 'string' ? value : expressionAttribute(value)
  return { type: 'mdxJsxAttribute', name, value: given }
}

function expressionAttribute(expression: Estree): Estree {
  const estree = program([{ type: 'ExpressionStatement', expression }])
  return { type: 'mdxJsxAttributeValueExpression', value: '', data: { estree } }
}

function expressionOf({ local, member }: PictureReference): Estree {
  if (member === undefined) return identifier(local)
  return memberOf(identifier(local), { type: 'Literal', value: member }, true)
}

/** Without a text of its own a picture has the manifest's. */
function altOf(image: PictureReference): Estree {
  const left = memberOf(expressionOf(image), identifier('alt'), false)
  return { type: 'LogicalExpression', operator: '??', left, right: { type: 'Literal', value: '' } }
}

function memberOf(object: Estree, property: Estree, computed: boolean): Estree {
  return { type: 'MemberExpression', object, property, computed, optional: false }
}

function identifier(name: string): Estree {
  return { type: 'Identifier', name }
}

function importNode(imports: readonly PictureImport[]): MdxNode {
  const statements = imports.map(({ source, binding }) => ({
    type: 'ImportDeclaration',
    source: { type: 'Literal', value: source },
    specifiers: binding
      ? [
          {
            type: 'ImportSpecifier',
            imported: identifier(binding.imported),
            local: identifier(binding.local),
          },
        ]
      : [],
    attributes: [],
  }))
  return { type: 'mdxjsEsm', data: { estree: program(statements) } }
}

function program(body: readonly Estree[]): Estree {
  return { type: 'Program', sourceType: 'module', body, comments: [] }
}
