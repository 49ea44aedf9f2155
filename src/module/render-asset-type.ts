import type { ImageAsset } from './image-asset.ts'
import { renderMemberName } from './module-code.ts'

/** Stand in an asset for what its type leaves open: a URL, and the pixels of a missing picture. */
export const ANY_URL = '\u0001'
export const ANY_PIXELS = Number.NaN

/**
 * The TypeScript type of an asset, with literal types where the values are known. Pure.
 * @param assets every form that the asset may take, the fullest first: a member that some of
 * them lack is optional
 */
export function renderAssetType(assets: readonly [ImageAsset, ...ImageAsset[]]): string {
  return renderMembers(assets, '\n')
}

function renderMembers(
  [asset, ...others]: readonly [ImageAsset, ...ImageAsset[]],
  line: string,
): string {
  const members = Object.entries(asset).map(([name, value]) => {
    const mark = others.every(other => name in other) ? '' : '?'
    // A type does not tell what a placeholder shows.
    const type =
      name === 'variants'
        ? renderVariants(asset.variants, others, `${line}  `)
        : renderType(value, name === 'placeholder').replaceAll('\n', line)
    return `${line}  readonly ${name}${mark}: ${type}`
  })
  return `{${members.join('')}${line}}`
}

/** Like assets of their own, each under its name. */
function renderVariants(
  variants: ImageAsset['variants'] = {},
  others: readonly ImageAsset[],
  line: string,
): string {
  const members = Object.entries(variants).map(([name, variant]) => {
    const forms = others.flatMap(other => other.variants?.[name] ?? [])
    return `${line}  readonly ${renderMemberName(name)}: ${renderMembers([variant, ...forms], `${line}  `)}`
  })
  return `{${members.join('')}${line}}`
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
      ([name, member]) => `readonly ${renderMemberName(name)}: ${renderType(member, isLoose)}`,
    )
    return `{ ${members.join('; ')} }`
  }
  return Number.isNaN(value) ? 'number' : String(value)
}

/** Formats and MIME types have single quotes like the rest of the file; text of users is JSON. */
function renderText(value: string): string {
  return /^(?:image\/)?(?:png|jpeg|webp|avif|svg\+xml|x-icon)$/.test(value)
    ? `'${value}'`
    : JSON.stringify(value)
}
