import type { PictureAsset } from './picture-asset.ts'

/** Says what is wrong where something else than an image of a manifest is shown. */
export function checkAsset(asset: PictureAsset, alt: string | undefined): void {
  if (typeof asset?.src === 'string') return
  const which = alt ? ` (alt: ${JSON.stringify(alt)})` : ''
  const given = asset === undefined || asset === null ? `${asset}` : `a ${typeof asset}`
  throw new TypeError(
    `The src of a <Picture>${which} is ${given}, not an image of a manifest. Check its import: \`import { heroNight } from './site.image.yaml'\` takes the image hero-night, \`import hero from './hero.image.yaml'\` the image of a manifest that has only one.`,
  )
}
