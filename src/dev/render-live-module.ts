import { imageKey } from '../manifest/image-id.ts'
import type { ImageAsset } from '../module/image-asset.ts'
import type { DevImage, DevManifest } from './dev-manifest.ts'

export interface LiveModuleOptions {
  /** Module specifier of the client; absent: objects stay as they are, as on a server. */
  readonly client?: string
  /** Statements at the end. */
  readonly footer?: string
  assetOf(image: DevImage): ImageAsset
  /** Makes a JavaScript expression of an asset's JSON. @default the JSON */
  expressionOf?(json: string): string
}

/** The module of a manifest while a page is being developed: its objects can be told of new pictures. */
export function renderLiveModule(
  { manifest, images }: DevManifest,
  { client, footer, assetOf, expressionOf = json => json }: LiveModuleOptions,
): string {
  const statements = images.map((image, index) => {
    const asset = expressionOf(literal(assetOf(image)))
    if (client === undefined) return `const image${index} = ${asset}`
    const id = literal(imageKey(image.planned.id))
    return `const image${index} = live(${id}, ${image.version}, ${asset})`
  })
  return joinLines([
    ...(client === undefined ? [] : [`import { live } from ${literal(client)}`]),
    ...statements,
    ...(manifest.single ? ['export { image0 as default }'] : renderExports(images)),
    ...(footer === undefined ? [] : [footer]),
  ])
}

function renderExports(images: readonly DevImage[]): readonly string[] {
  // A computed name: `__proto__` written plainly would set the prototype.
  const members = images.map(({ planned }, index) => `[${literal(planned.id.name)}]: image${index}`)
  const named = images.flatMap(({ planned: { image } }, index) =>
    image.exportName === 'default' ? [] : [`image${index} as ${image.exportName}`],
  )
  return [
    `const images = { ${members.join(', ')} }`,
    `export { ${['images as default', ...named].join(', ')} }`,
  ]
}

function literal(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003C')
}

function joinLines(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`
}
