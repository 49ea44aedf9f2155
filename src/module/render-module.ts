import type { AssetFile, ImageTemplate, ModuleTemplate, SrcsetCandidate } from './image-template.ts'

/**
 * Writes the JavaScript module of a manifest. URLs come as JavaScript expressions, so that each
 * bundler can decide late what they are; every expression is evaluated once an image. All
 * statements are free of side effects for bundlers: images that nobody imports are dropped
 * together with their URLs.
 */
export function renderModule(
  template: ModuleTemplate,
  urlOf: (file: AssetFile) => string /* JavaScript expression */,
): string {
  const locals = template.images.map((_, index) => `image${index}`)
  const statements = template.images.map(
    (image, index) => `const ${locals[index]} = ${renderImage(image, urlOf)}`,
  )
  if (template.single) return joinLines([...statements, `export { ${locals[0]} as default }`])

  const members = template.images.map(({ id }, index) => `${renderKey(id.name)}: ${locals[index]}`)
  const exported = template.images.flatMap(({ exportName }, index) =>
    exportName === 'default' ? [] : [`${locals[index]} as ${exportName}`],
  )
  return joinLines([
    ...statements,
    `const images = ${renderPure([`return { ${members.join(', ')} }`])}`,
    `export { ${['images as default', ...exported].join(', ')} }`,
  ])
}

function renderImage(image: ImageTemplate, urlOf: (file: AssetFile) => string): string {
  const names = new Map<string, string>()
  const nameOf = (file: AssetFile) => {
    const expression = urlOf(file)
    const name = names.get(expression) ?? `url${names.size}`
    names.set(expression, name)
    return name
  }
  const srcset = (candidates: readonly SrcsetCandidate[]) =>
    candidates
      .map(({ file, width }, index) => {
        const end = index < candidates.length - 1 ? ', ' : ''
        return `${nameOf(file)} + ${literal(` ${width}w${end}`)}`
      })
      .join(' + ')

  const { width, height, format, type, placeholder, alt } = image
  const fields = [
    `src: ${nameOf(image.src)}`,
    `width: ${width}, height: ${height}, format: ${literal(format)}, type: ${literal(type)}`,
  ]
  if (image.srcset) fields.push(`srcset: ${srcset(image.srcset)}`)
  if (image.sources) {
    const sources = image.sources.map(
      source => `{ type: ${literal(source.type)}, srcset: ${srcset(source.srcset)} }`,
    )
    fields.push(`sources: [${sources.join(', ')}]`)
  }
  if (placeholder) {
    const { color, dataUrl, thumbhash } = placeholder
    fields.push(`placeholder: ${literal({ color, dataUrl, thumbhash })}`)
  }
  if (alt !== undefined) fields.push(`alt: ${literal(alt)}`)

  const urls = [...names].map(([expression, name]) => `const ${name} = ${expression}`)
  return renderPure([...urls, `return {\n    ${fields.join(',\n    ')}\n  }`])
}

/** A marked call: of all expressions, bundlers and minifiers agree on dropping this one unused. */
function renderPure(body: readonly string[]): string {
  return `/*#__PURE__*/ (() => {\n${body.map(line => `  ${line}\n`).join('')}})()`
}

/** `__proto__` written plainly would set the prototype. */
function renderKey(name: string): string {
  return name === '__proto__' ? '["__proto__"]' : literal(name)
}

/** JSON that stays harmless when a bundle is put into a `<script>`. */
function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003C')
}

function joinLines(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`
}
