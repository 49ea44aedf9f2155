import type { ImageAsset } from './image-asset.ts'
import type { AssetFile, ImageTemplate, ModuleTemplate } from './image-template.ts'
import {
  joinLines,
  localName,
  renderExports,
  renderLiteral,
  renderMemberName,
  renderPure,
} from './module-code.ts'

/**
 * Writes the JavaScript module of a manifest. URLs are JavaScript expressions, so that each bundler
 * can decide late what they are; an image evaluates each of its expressions once. No statement has
 * side effects: bundlers drop images that nobody imports, together with their URLs.
 */
export function renderModule(
  { single, images }: ModuleTemplate,
  urlOf: (file: AssetFile) => string /* JavaScript expression */,
): string {
  const statements = images.map(
    (image, index) => `const ${localName(index)} = ${renderImage(image, urlOf)}`,
  )
  const exported = images.map(({ id: { name }, exportName }) => ({ name, exportName }))
  return joinLines([
    ...statements,
    ...(single ? [`export { ${localName(0)} as default }`] : renderExports(exported)),
  ])
}

function renderImage({ assemble }: ImageTemplate, urlOf: (file: AssetFile) => string): string {
  const mark = unusedMark(assemble(() => ''))
  const expressions: string[] = []
  const asset = assemble(file => {
    const expression = urlOf(file)
    if (!expressions.includes(expression)) expressions.push(expression)
    return `${mark}${expressions.indexOf(expression)}${mark}`
  })
  const urls = expressions.map((expression, index) => `const url${index} = ${expression}`)
  const lines = renderMembers(asset, mark)
  return renderPure([...urls, `return {\n    ${lines.join(',\n    ')}\n  }`])
}

/** A text that the asset does not contain, to put around the numbers of its URLs. */
function unusedMark(asset: ImageAsset): string {
  const text = JSON.stringify(asset)
  let mark = '@'
  while (text.includes(mark)) mark += '@'
  return mark
}

/** The members of an asset, line by line: consecutive plain ones share a line. */
function renderMembers(asset: ImageAsset, mark: string): readonly string[] {
  const lines: string[] = []
  let isPlainBefore = false
  for (const [name, value] of Object.entries(asset)) {
    const member = `${name}: ${renderValue(value, mark)}`
    const isPlain = typeof value !== 'object' && !String(value).includes(mark)
    if (isPlain && isPlainBefore) lines.push(`${lines.pop()}, ${member}`)
    else lines.push(member)
    isPlainBefore = isPlain
  }
  return lines
}

/** A value as an expression in which `url0`, `url1` … stand for the marked numbers. */
function renderValue(value: unknown, mark: string): string {
  if (!JSON.stringify(value).includes(mark)) return renderLiteral(value)
  if (typeof value === 'string') {
    // Every second piece is the number of a URL.
    return value
      .split(mark)
      .map((piece, index) => (index % 2 === 1 ? `url${piece}` : piece && renderLiteral(piece)))
      .filter(piece => piece !== '')
      .join(' + ')
  }
  if (Array.isArray(value)) return `[${value.map(item => renderValue(item, mark)).join(', ')}]`
  const members = Object.entries(Object(value)).map(
    ([name, member]) => `${renderMemberName(name)}: ${renderValue(member, mark)}`,
  )
  return `{ ${members.join(', ')} }`
}
