import { type FunctionalComponent, h, type ImgHTMLAttributes } from 'vue'
import { dropPlaceholder } from '../drop-placeholder.ts'
import { pictureAttributes } from '../picture-attributes.ts'
import type { PictureContent, PictureOptions } from '../picture-options.ts'

type ImgProps = Omit<ImgHTMLAttributes, 'alt' | 'placeholder' | 'sizes' | 'src' | 'srcset'>

/** Props of {@link VuePicture}: its own, and attributes and listeners of `<img>`. */
export type VuePictureProps = ImgProps & PictureOptions & PictureContent

/**
 * Shows an image of a manifest. `class`, `style`, `@load` and whatever else `<img>` takes goes to
 * the `<img>`.
 * @example
 * ```vue
 * <script setup>
 * import { Picture } from 'unplugin-imagegen/vue'
 * import { hero } from './site.image.yaml'
 * </script>
 *
 * <template>
 *   <Picture :src="hero" sizes="(min-width: 60rem) 50vw, 100vw" priority />
 * </template>
 * ```
 */
export const VuePicture: FunctionalComponent<VuePictureProps> = (props, { attrs }) => {
  const { src, alt, sizes, priority, placeholder } = props
  const options = { alt, sizes, priority, placeholder, style: attrs.style }
  const { sources, img, background } = pictureAttributes(src, options)
  return h('picture', background ? { ref: watch } : null, [
    ...sources.map((source, index) => h('source', { key: index, ...source })),
    // Keyed, so that it stays the same element under another number of sources.
    h('img', {
      key: 'img',
      ...img,
      ...attrs,
      ...(background && { style: [{ background }, attrs.style] }),
    }),
  ])
}
VuePicture.displayName = 'Picture'
VuePicture.inheritAttrs = false
VuePicture.props = {
  src: null,
  alt: String,
  sizes: String,
  priority: Boolean,
  placeholder: { type: Boolean, default: true },
}

function watch(node: unknown): void {
  if (node instanceof Element) dropPlaceholder(node)
}
