/// <reference types="svelte" />
import type { SvelteComponent } from 'svelte'
import type { HTMLImgAttributes } from 'svelte/elements'
import type { PictureContent, PictureOptions } from '../picture-options.ts'
import Component from './Picture.svelte'

type ImgProps = Omit<HTMLImgAttributes, 'alt' | 'placeholder' | 'sizes' | 'src' | 'srcset'>

/** Props of {@link SveltePicture}: its own, and attributes of `<img>`. */
export type SveltePictureProps = ImgProps & PictureOptions & PictureContent

interface PictureEvents {
  load: Event
  error: Event
  click: MouseEvent
}

/**
 * Shows an image of a manifest. `class`, `style` and whatever else `<img>` takes goes to the `<img>`.
 * @example
 * ```svelte
 * <script>
 *   import { Picture } from 'unplugin-imagegen/svelte'
 *   import { hero } from './site.image.yaml'
 * </script>
 *
 * <Picture src={hero} sizes="(min-width: 60rem) 50vw, 100vw" priority />
 * ```
 */
export const SveltePicture: typeof SvelteComponent<SveltePictureProps, PictureEvents> =
  // Its props stand in a source that TypeScript does not read.
  Component as unknown as typeof SvelteComponent<SveltePictureProps, PictureEvents>
