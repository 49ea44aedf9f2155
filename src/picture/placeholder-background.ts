import type { ImageAsset } from '../module/image-asset.ts'

/** Styles that leave parts of the box uncovered, and backgrounds of the page's own. */
const UNSUITABLE = /(?:^|[\s;])(?:object-?fit\s*:(?!\s*cover\b)|background)/i

/**
 * The CSS `background` that shows the placeholder; undefined where the picture would not cover it.
 * @param style the style of the `<img>`, as text or as an object or array of a framework
 */
export function placeholderBackground(
  { placeholder, alpha }: ImageAsset,
  style: unknown,
): string | undefined {
  if (!placeholder || alpha || UNSUITABLE.test(styleText(style))) return undefined
  const { color, dataUrl } = placeholder
  return dataUrl ? `${color} url("${dataUrl}") 50%/cover no-repeat` : color
}

function styleText(style: unknown): string {
  if (typeof style === 'string') return style
  if (Array.isArray(style)) return style.map(styleText).join(';')
  const declarations = Object.entries(style ?? {})
  return declarations.map(([name, value]) => `${name}:${value}`).join(';')
}
