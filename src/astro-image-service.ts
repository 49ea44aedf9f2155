/**
 * What the integration wraps around Astro's image service, and how Markdown shows images. For its
 * generated code only.
 * @module
 */
export type { ImageOptions } from './frameworks/astro/astro-asset.ts'
export { type ImageService, wrapImageService } from './frameworks/astro/image-service.ts'
export { pictureProps, showPictures } from './frameworks/astro/pictures-in-markdown.ts'
