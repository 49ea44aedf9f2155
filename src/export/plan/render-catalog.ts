import type { ImageAsset } from '../../module/image-asset.ts'
import type { ModuleTemplate } from '../../module/image-template.ts'
import { joinLines, renderLiteral, renderMemberName } from '../../module/module-code.ts'
import { ANY_URL, renderAssetType } from '../../module/render-asset-type.ts'
import type { CatalogForm } from '../target/export-target.ts'

/** A manifest among those that are exported. */
export interface CatalogEntry {
  /** Its file's name without the extension: the key of its images. */
  readonly name: string
  /** Identifier of its export. */
  readonly exportName: string
  readonly template: ModuleTemplate
  /** The images in the order of the template. */
  readonly assets: readonly ImageAsset[]
}

/** The first words of every module: one that begins with them may be replaced. */
export const CATALOG_MARKER = '// Written by imagegen export'

/**
 * The file that lists the images: of each manifest what importing it gives. Pure, and the same for
 * the same images, byte for byte.
 */
export function renderCatalog(entries: readonly CatalogEntry[], form: CatalogForm): string {
  if (form === 'json') return renderJson(entries)
  const withTypes = form === 'typescript'
  const images = unusedName(entries.map(({ exportName }) => exportName))
  const constants = entries.map(entry => {
    const type = withTypes ? `: ${typeOf(entry)}` : ''
    return `\nexport const ${entry.exportName}${type} = ${renderValue(imagesOf(entry), '')}`
  })
  const members = entries.map(({ name, exportName }) => `  ${keyOf(name)}: ${exportName},`)
  const types = entries.map(
    ({ name, exportName }) => `  readonly ${renderMemberName(name)}: typeof ${exportName}`,
  )
  const type = withTypes ? `: {\n${types.join('\n')}\n}` : ''
  return joinLines([
    `${CATALOG_MARKER}. Edits are lost.`,
    ...constants,
    `\nconst ${images}${type} = {\n${members.join('\n')}\n}`,
    `\nexport default ${images}`,
  ])
}

function renderJson(entries: readonly CatalogEntry[]): string {
  const values = Object.fromEntries(entries.map(entry => [entry.name, imagesOf(entry)]))
  // Harmless inside of a `<script>` too.
  return joinLines([JSON.stringify(values, undefined, 2).replaceAll('<', '\\u003C')])
}

/** The image itself, or a record of them by their names in the manifest. */
function imagesOf({ template: { single, images }, assets }: CatalogEntry): unknown {
  if (single) return assets[0]
  return Object.fromEntries(images.map(({ id }, index) => [id.name, assets[index]]))
}

function typeOf({ template: { single, images } }: CatalogEntry): string {
  const types = images.map(({ assemble }) => renderAssetType([assemble(() => ANY_URL)]))
  if (single) return types[0] ?? '{}'
  const members = images.map(
    ({ id }, index) =>
      `  readonly ${renderMemberName(id.name)}: ${types[index]?.replaceAll('\n', '\n  ')}`,
  )
  return `{\n${members.join('\n')}\n}`
}

function renderValue(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return renderLiteral(value)
  const inner = `${indent}  `
  const lines = Array.isArray(value)
    ? value.map(item => renderValue(item, inner))
    : Object.entries(value).map(([name, member]) => `${keyOf(name)}: ${renderValue(member, inner)}`)
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return `${open}\n${lines.map(line => `${inner}${line},\n`).join('')}${indent}${close}`
}

/** `__proto__` written plainly would set the prototype. */
function keyOf(name: string): string {
  return name === '__proto__' ? '["__proto__"]' : renderMemberName(name)
}

function unusedName(taken: readonly string[]): string {
  let name = 'images'
  while (taken.includes(name)) name = `_${name}`
  return name
}
