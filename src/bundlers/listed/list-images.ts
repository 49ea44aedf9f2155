import { assetIdentity, listAssetFiles } from '../../module/asset-name.ts'
import type { AssetFile } from '../../module/image-template.ts'
import { type HostContext, resolveForHost } from '../load-manifest.ts'
import type { PluginSession } from '../session/plugin-session.ts'

/** Every image of a project, for the file that the option `assets` names. */
export interface ListedImages {
  /** Relative to the output folder. */
  readonly fileName: string
  /** The files of all images. A file may be listed twice. */
  readonly files: readonly AssetFile[]
  /** The file's text: what imports would give, by the URLs that name the images. */
  render(urlOf: (file: AssetFile) => string): string
}

/**
 * Makes sure that every image of the project's manifests is there.
 * @returns undefined where the options want no such list
 */
export async function listImages(
  session: PluginSession,
  host: Omit<HostContext, 'urlOf'>,
): Promise<ListedImages | undefined> {
  const fileName = await session.listFile()
  if (fileName === undefined) return undefined
  const manifests = await (await session.pipeline()).discover()
  const modules = await Promise.all(manifests.map(file => resolveForHost(session, file, host)))
  const images = modules.flatMap(module => {
    // Files of the same bytes have one name, as in the manifest's module.
    const files = listAssetFiles(module).map(({ file }) => file)
    const named = new Map(files.map(file => [assetIdentity(file), file]))
    const nameOf = (file: AssetFile): AssetFile => named.get(assetIdentity(file)) ?? file
    return module.images.map(({ id, assemble }) => ({ id, assemble, files, nameOf }))
  })
  const names = await Promise.all(
    images.map(({ id: { manifest, name } }) =>
      session.originalName({ manifest, query: `image=${encodeURIComponent(name)}` }),
    ),
  )
  return {
    fileName,
    files: [...new Set(images.flatMap(({ files }) => files))],
    render(urlOf) {
      const assets = images.map(({ assemble, nameOf }, index) => [
        names[index],
        assemble(file => urlOf(nameOf(file))),
      ])
      const json = JSON.stringify(Object.fromEntries(assets), undefined, 2)
      return `${json.replaceAll('<', '\\u003C')}\n`
    },
  }
}

/** The URL of a file in the list, where the host knows nothing but the names in its output. */
export function relativeUrl(fileName: string, list: string): string {
  const depth = list.split('/').length - 1
  return encodeURI('../'.repeat(depth) + fileName)
}
