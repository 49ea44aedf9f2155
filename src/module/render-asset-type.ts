import type { ImageAsset } from './image-asset.ts'

/** What types do not tell: a URL, or pixels of a picture that is not there yet. */
export const ANY_URL = '\u0001'
export const ANY_PIXELS = Number.NaN

/**
 * The TypeScript type of an asset, as exact as the asset's values are. Pure.
 * @param assets all that the image may turn out to be, the fullest first: a member that some of
 * them lack is optional
 */
export function renderAssetType([asset, ...others]: readonly [
  ImageAsset,
  ...ImageAsset[],
]): string {
  const members = Object.entries(asset).map(([name, value]) => {
    const mark = others.every(other => name in other) ? '' : '?'
    // What it shows is no part of a type.
    return `  readonly ${name}${mark}: ${renderType(value, name === 'placeholder')}`
  })
  return `{\n${members.join('\n')}\n}`
}

function renderType(value: unknown, isLoose: boolean): string {
  if (typeof value === 'string') {
    return isLoose || value.includes(ANY_URL) ? 'string' : renderText(value)
  }
  if (Array.isArray(value)) {
    return `readonly [\n${value.map(item => `    ${renderType(item, isLoose)},`).join('\n')}\n  ]`
  }
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).map(
      ([name, member]) => `readonly ${name}: ${renderType(member, isLoose)}`,
    )
    return `{ ${members.join('; ')} }`
  }
  return Number.isNaN(value) ? 'number' : String(value)
}

/** Formats and MIME types as the rest of the file has its quotes; what people wrote, as JSON. */
function renderText(value: string): string {
  return /^(?:image\/)?(?:png|jpeg|webp|avif|svg\+xml)$/.test(value)
    ? `'${value}'`
    : JSON.stringify(value)
}
