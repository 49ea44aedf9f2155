/**
 * What the integration wraps around Astro's image service. For its generated code only.
 * @module
 */
export {
  type ImageOptions,
  type ImageService,
  wrapImageService,
} from './frameworks/astro/image-service.ts'
