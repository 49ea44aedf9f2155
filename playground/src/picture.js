/** @import { ImageAsset } from 'unplugin-imagegen/api' */

/**
 * A `<picture>` of an asset: best format first, the placeholder behind it until it is there.
 * @param {ImageAsset} asset
 * @param {{ sizes?: string, eager?: boolean }} [options]
 */
export function picture(asset, { sizes = '100vw', eager = false } = {}) {
  const element = document.createElement('picture')
  for (const { type, srcset } of asset.sources ?? []) {
    element.append(Object.assign(document.createElement('source'), { type, srcset, sizes }))
  }
  const image = Object.assign(document.createElement('img'), {
    alt: asset.alt ?? '',
    width: asset.width,
    height: asset.height,
    sizes,
    loading: eager ? 'eager' : 'lazy',
    decoding: 'async',
  })
  if (asset.placeholder) image.style.background = background(asset.placeholder)
  if (asset.srcset) image.srcset = asset.srcset
  image.src = asset.src
  element.append(image)
  return element
}

/** @param {NonNullable<ImageAsset['placeholder']>} placeholder */
function background({ color, dataUrl }) {
  return dataUrl ? `${color} url("${dataUrl}") center / cover` : color
}
