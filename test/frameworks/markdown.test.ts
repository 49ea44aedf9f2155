import { expect, test } from 'vitest'
import {
  createPictureImports,
  parseMarkdownPicture,
  renderPictureImport,
  renderPictureReference,
} from '../../src/frameworks/markdown/markdown-picture.ts'
import { type MdxNode, mdxPictures } from '../../src/frameworks/markdown/mdx-pictures.ts'
import {
  type MarkdownItHost,
  vueMarkdownPictures,
} from '../../src/frameworks/markdown/vue-markdown-pictures.ts'

test('reads images of manifests, and nothing else', () => {
  expect(parseMarkdownPicture('./a.image.yaml')).toEqual({ manifest: './a.image.yaml' })
  expect(parseMarkdownPicture('a%20b.image.yml?image=hero-night')).toEqual({
    manifest: './a b.image.yml',
    image: 'hero-night',
  })
  expect(parseMarkdownPicture('./a.png')).toBeUndefined()
  expect(parseMarkdownPicture('https://x.test/a.image.yaml')).toBeUndefined()
  // One file is no picture of several.
  expect(parseMarkdownPicture('./a.image.yaml?image=hero&width=640')).toBeUndefined()
  expect(parseMarkdownPicture('100%.png')).toBeUndefined()
})

test('imports each image once, and its URL for the check', () => {
  const imports = createPictureImports()
  const night = { manifest: './a.image.yaml', image: 'hero-night' }
  const named = imports.add(night)
  expect(imports.add(night)).toEqual(named)
  const odd = imports.add({ manifest: './a.image.yaml', image: '--' })
  expect(renderPictureReference(odd)).toMatch(/^imagegenPicture\d\["--"\]$/)
  expect(imports.statements().map(renderPictureImport)).toEqual([
    'import "./a.image.yaml?image=hero-night"',
    `import { heroNight as ${named.local} } from "./a.image.yaml"`,
    'import "./a.image.yaml?image=--"',
    `import { default as ${odd.local} } from "./a.image.yaml"`,
  ])
})

test('MDX gets a component, for images and for references', () => {
  const tree: MdxNode = {
    type: 'root',
    children: [
      {
        type: 'paragraph',
        children: [
          { type: 'image', url: './a.image.yaml?image=hero', alt: 'By day' },
          { type: 'imageReference', identifier: 'gull', alt: '' },
          { type: 'image', url: './a.png', alt: '' },
        ],
      },
      { type: 'definition', identifier: 'gull', url: './gull.image.yaml', title: 'A gull' },
    ],
  }
  mdxPictures({ from: './Picture.tsx' })(tree)
  const [imports, paragraph] = tree.children ?? []
  const sources = JSON.stringify(imports).match(/"(?:\.[^"]+)"/g)
  expect(sources).toEqual([
    '"./Picture.tsx"',
    '"./a.image.yaml?image=hero"',
    '"./a.image.yaml"',
    '"./gull.image.yaml"',
  ])
  const [day, gull, other] = paragraph?.children ?? []
  expect(day).toMatchObject({ type: 'mdxJsxTextElement', name: 'ImagegenPicture' })
  expect(JSON.stringify(day)).toContain('"name":"alt","value":"By day"')
  expect(JSON.stringify(gull)).toContain('"operator":"??"')
  expect(JSON.stringify(gull)).toContain('"name":"title","value":"A gull"')
  expect(other?.type).toBe('image')
})

test('a document without images of manifests stays as it is', () => {
  const tree: MdxNode = { type: 'root', children: [{ type: 'image', url: './a.png' }] }
  mdxPictures()(tree)
  expect(tree).toEqual({ type: 'root', children: [{ type: 'image', url: './a.png' }] })
})

test('Markdown that is no single-file component yet gets a script of its own', () => {
  const self = { renderInlineAsText: () => 'By <day>' }
  const md: MarkdownItHost = {
    renderer: { rules: {} },
    render: () => {
      const tokens = [{ attrs: [['src', 'a.image.yaml?image=hero'] as const], children: [] }]
      return md.renderer.rules.image?.(tokens, 0, {} as never, {} as never, self) ?? ''
    },
  }
  vueMarkdownPictures(md)
  expect(md.render('')).toBe(`<ImagegenPicture :src="imagegenPicture1" alt="By &lt;day&gt;" />
<script setup>
import { Picture as ImagegenPicture } from 'unplugin-imagegen/vue'
import "./a.image.yaml?image=hero"
import { hero as imagegenPicture1 } from "./a.image.yaml"
</script>
`)
})
