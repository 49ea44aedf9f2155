import * as React from 'react'
import { dropPlaceholder } from '../drop-placeholder.ts'
import { pictureAttributes, type SourceAttributes } from '../picture-attributes.ts'
import type { PictureContent, PictureOptions } from '../picture-options.ts'

type ImgProps = Omit<
  React.ComponentPropsWithoutRef<'img'>,
  'alt' | 'children' | 'placeholder' | 'sizes' | 'src' | 'srcSet'
>

/** Props of {@link ReactPicture}: its own, and those of `<img>`. */
export type ReactPictureProps = ImgProps &
  PictureOptions &
  PictureContent & { readonly ref?: React.Ref<HTMLImageElement> | undefined }

/** React's build for server components has neither effects nor refs to elements. */
const hasRefs = 'useEffect' in React

/** React 18 knows this attribute by its name in HTML only. */
const FETCH_PRIORITY = 'use' in React ? 'fetchPriority' : 'fetchpriority'

/**
 * Shows an image of a manifest. `ref`, `className`, `style`, `onLoad` and whatever else `<img>`
 * takes goes to the `<img>`.
 * @example
 * ```tsx
 * import { Picture } from 'unplugin-imagegen/react'
 * import { hero } from './site.image.yaml'
 *
 * export const Hero = () => <Picture src={hero} sizes="(min-width: 60rem) 50vw, 100vw" priority />
 * ```
 */
export const ReactPicture: React.FunctionComponent<ReactPictureProps> = React.forwardRef<
  HTMLImageElement,
  ReactPictureProps
>(function Picture({ src, alt, sizes, priority, placeholder, ...rest }, ref) {
  const options = { alt, sizes, priority, placeholder, style: rest.style }
  const { sources, img, background } = pictureAttributes(src, options)
  const { fetchpriority, srcset, src: url, ...attributes } = img
  return React.createElement(
    'picture',
    hasRefs && background ? { ref: dropPlaceholder } : null,
    sources.map(createSource),
    React.createElement('img', {
      ...attributes,
      ...(fetchpriority && { [FETCH_PRIORITY]: fetchpriority }),
      ...(srcset && { srcSet: srcset }),
      src: url,
      ...rest,
      ...(background && { style: { background, ...rest.style } }),
      ...(ref && { ref }),
    }),
  )
})

function createSource(
  { srcset, ...attributes }: SourceAttributes,
  index: number,
): React.ReactElement {
  return React.createElement('source', { key: index, ...attributes, srcSet: srcset })
}
