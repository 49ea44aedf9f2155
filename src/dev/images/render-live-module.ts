import { imageKey } from '../../manifest/image-id.ts'
import type { ImageAsset } from '../../module/image-asset.ts'
import type { InspectedImage, InspectedManifest } from '../../pipeline/inspect.ts'

/** A manifest and what is known of its images. */
export interface LiveManifest<Image extends InspectedImage>
  extends Pick<InspectedManifest, 'manifest'> {
  readonly images: readonly Image[]
}

export interface LiveModuleOptions<Image extends InspectedImage> {
  /** Absent: objects stay as they are, as on a server and in tests. */
  readonly live?: {
    /** Module specifier of the client. */
    readonly client: string
    /** Rises with every change. */
    versionOf(image: Image): number
  }
  /** Statements at the end. */
  readonly footer?: string
  assetOf(image: Image): ImageAsset
  /** Makes a JavaScript expression of an asset's JSON. @default the JSON */
  expressionOf?(json: string): string
}

/** The module of a manifest while a page is being developed: its objects can be told of new pictures. */
export function renderLiveModule<Image extends InspectedImage>(
  { manifest, images }: LiveManifest<Image>,
  { live, footer, assetOf, expressionOf = json => json }: LiveModuleOptions<Image>,
): string {
  const statements = images.map((image, index) => {
    const asset = expressionOf(literal(assetOf(image)))
    if (!live) return `const image${index} = ${asset}`
    const id = literal(imageKey(image.planned.id))
    return `const image${index} = live(${id}, ${live.versionOf(image)}, ${asset})`
  })
  return joinLines([
    ...(live ? [`import { live } from ${literal(live.client)}`] : []),
    ...statements,
    ...(manifest.single ? ['export { image0 as default }'] : renderExports(images)),
    ...(footer === undefined ? [] : [footer]),
  ])
}

function renderExports(images: readonly InspectedImage[]): readonly string[] {
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
