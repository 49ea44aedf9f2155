import { imageKey } from '../../manifest/image-id.ts'
import type { ImageAsset } from '../../module/image-asset.ts'
import { joinLines, localName, renderExports, renderLiteral } from '../../module/module-code.ts'
import type { InspectedImage, InspectedManifest } from '../../pipeline/inspect.ts'

/** A manifest, and what is known of its images. */
export interface LiveManifest<Image extends InspectedImage>
  extends Pick<InspectedManifest, 'manifest'> {
  readonly images: readonly Image[]
}

export interface LiveModuleOptions<Image extends InspectedImage> {
  /** Absent: objects never change, as on a server and in tests. */
  readonly live?: {
    /** Module specifier of the client. */
    readonly client: string
    /** Rises with every change. */
    versionOf(image: Image): number
  }
  /** Statements for the end of the module. */
  readonly footer?: string
  assetOf(image: Image): ImageAsset
  /** Makes a JavaScript expression of an asset's JSON. @default the JSON */
  expressionOf?(json: string): string
}

/** The module of a manifest in development. Its objects change when new pictures arrive. */
export function renderLiveModule<Image extends InspectedImage>(
  { manifest, images }: LiveManifest<Image>,
  { live, footer, assetOf, expressionOf = json => json }: LiveModuleOptions<Image>,
): string {
  const statements = images.map((image, index) => {
    const asset = expressionOf(renderLiteral(assetOf(image)))
    if (!live) return `const ${localName(index)} = ${asset}`
    const id = renderLiteral(imageKey(image.planned.id))
    return `const ${localName(index)} = live(${id}, ${live.versionOf(image)}, ${asset})`
  })
  const exported = images.map(({ planned: { id, image } }) => ({
    name: id.name,
    exportName: image.exportName,
  }))
  return joinLines([
    ...(live ? [`import { live } from ${renderLiteral(live.client)}`] : []),
    ...statements,
    ...(manifest.single ? [`export { ${localName(0)} as default }`] : renderExports(exported)),
    ...(footer === undefined ? [] : [footer]),
  ])
}
