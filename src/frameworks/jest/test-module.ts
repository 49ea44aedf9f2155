import type { ImageAsset } from '../../module/image-asset.ts'
import {
  joinLines,
  localName,
  renderExports,
  renderLiteral,
  renderMemberName,
} from '../../module/module-code.ts'

/** A manifest's module as plain data. */
export interface TestModule {
  /** Whether the manifest is its one image. */
  readonly single: boolean
  readonly images: readonly TestImage[]
}

export interface TestImage {
  readonly name: string
  readonly exportName: string
  readonly asset: ImageAsset
}

/** The code of a manifest's module, as an ES module or as CommonJS. Pure. */
export function renderTestModule(
  { single, images }: TestModule,
  { isESM }: { readonly isESM: boolean },
): string {
  const statements = images.map(
    ({ asset }, index) => `const ${localName(index)} = ${renderLiteral(asset)}`,
  )
  if (isESM) {
    const exported = single ? [`export { ${localName(0)} as default }`] : renderExports(images)
    return joinLines([...statements, ...exported])
  }
  const record = images.map(({ name }, index) => `${renderMemberName(name)}: ${localName(index)}`)
  const named = images.map(
    ({ exportName }, index) => `exports[${renderLiteral(exportName)}] = ${localName(index)}`,
  )
  return joinLines([
    "Object.defineProperty(exports, '__esModule', { value: true })",
    ...statements,
    ...(single ? [] : named),
    `exports.default = ${single ? localName(0) : `{ ${record.join(', ')} }`}`,
  ])
}
