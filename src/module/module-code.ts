/** The names of an image in a manifest's module. */
export interface ExportedImage {
  /** As in the manifest: the key in the default export's record. */
  readonly name: string
  readonly exportName: string
}

/** The local name of a module's image. */
export function localName(index: number): string {
  return `image${index}`
}

/** Exports the images of a manifest under their names, and as a record. */
export function renderExports(images: readonly ExportedImage[]): readonly string[] {
  const members = images.map(({ name }, index) => `${renderKey(name)}: ${localName(index)}`)
  const named = images.flatMap(({ exportName }, index) =>
    exportName === 'default' ? [] : [`${localName(index)} as ${exportName}`],
  )
  return [
    `const images = ${renderPure([`return { ${members.join(', ')} }`])}`,
    `export { ${['images as default', ...named].join(', ')} }`,
  ]
}

/** A marked call: the one expression that every bundler and minifier drops when nothing uses it. */
export function renderPure(body: readonly string[]): string {
  return `/*#__PURE__*/ (() => {\n${body.map(line => `  ${line}\n`).join('')}})()`
}

/** The name of an object's member, without quotes where it needs none. */
export function renderMemberName(name: string): string {
  return /^[A-Za-z]+$/.test(name) ? name : renderKey(name)
}

/** `__proto__` written plainly would set the prototype. */
function renderKey(name: string): string {
  return name === '__proto__' ? '["__proto__"]' : renderLiteral(name)
}

/** JSON that stays harmless when a bundle is put into a `<script>`. */
export function renderLiteral(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003C')
}

export function joinLines(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`
}
