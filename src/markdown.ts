/**
 * Pictures of manifests in Markdown that Vite makes components of: `![At night](./site.image.yaml?image=hero-night)`.
 * @module
 */
export {
  type MdxNode,
  type MdxPictureOptions,
  mdxPictures,
} from './frameworks/markdown/mdx-pictures.ts'
export {
  type MarkdownItHost,
  type MarkdownItRule,
  type MarkdownItSelf,
  type MarkdownItToken,
  vueMarkdownPictures,
} from './frameworks/markdown/vue-markdown-pictures.ts'
