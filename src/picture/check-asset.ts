import type { ImageAsset } from '../module/image-asset.ts'

/** Says what to import where something else than an image of a manifest is to be shown. */
export function checkAsset(asset: ImageAsset, alt: string | undefined): void {
  if (typeof asset?.src === 'string') return
  const which = alt ? ` (alt: ${JSON.stringify(alt)})` : ''
  const given = asset === undefined || asset === null ? `${asset}` : 'not an image of a manifest'
  throw new TypeError(
    `The src of a <Picture>${which} is ${given}. Check its import: the image hero-night is \`import { heroNight } from './site.image.yaml'\`, and the image of a manifest that has only one is \`import hero from './hero.image.yaml'\`.`,
  )
}
