import { readFile } from 'node:fs/promises'
import { assetIdentity, hashedAssetName, listAssetFiles } from '../../module/asset-name.ts'
import { fileBaseName } from '../../module/file-base-name.ts'
import type { ImageTemplate } from '../../module/image-template.ts'
import { joinLines, localName, renderExports } from '../../module/module-code.ts'
import { renderModule } from '../../module/render-module.ts'
import type { ResolvedModule } from '../../pipeline/pipeline.ts'
import { sha256 } from '../../system/digest.ts'
import { specifierOf, writeNextFile } from './next-files.ts'
import type { NextLoaderOptions } from './next-loader-options.ts'

type Place = Pick<NextLoaderOptions, 'folder' | 'bundler'>

/**
 * Writes one module an image, which imports its pictures, and gives the module of the manifest, which
 * exports them: Turbopack and webpack emit them where browsers find them, whichever of Next's
 * compilers asks. Both leave out a module of which nobody uses an export, and with it its pictures;
 * neither leaves out an import of a picture in a module that stays.
 * @param from absolute path of the folder of the manifest
 */
export async function renderNextModule(
  { single, images }: ResolvedModule,
  { from, ...place }: Place & { readonly from: string },
): Promise<string> {
  const modules = await Promise.all(images.map(image => writeImageModule(image, place)))
  const imports = modules.map(
    (name, index) =>
      `import ${localName(index)} from ${JSON.stringify(specifierOf(place, name, from))}`,
  )
  const exported = images.map(({ id: { name }, exportName }) => ({ name, exportName }))
  return joinLines([
    ...imports,
    ...(single ? [`export { ${localName(0)} as default }`] : renderExports(exported)),
  ])
}

/** @returns the name of the module */
async function writeImageModule(image: ImageTemplate, place: Place): Promise<string> {
  const { folder } = place
  const files = listAssetFiles({ single: true, images: [image] }).map(({ file }) => file)
  const names = new Map(files.map((file, index) => [assetIdentity(file), `file${index}`]))
  const imports = files.map(
    (file, index) =>
      `import file${index} from ${JSON.stringify(specifierOf(place, hashedAssetName(file), folder))}`,
  )
  const rendered = renderModule(
    { single: true, images: [withBlur(image)] },
    file => names.get(assetIdentity(file)) ?? 'undefined',
  )
  const code = joinLines([...imports, rendered])
  const name = `${fileBaseName(image.id)}-${sha256(code).slice(0, 16)}.mjs`
  await Promise.all([
    writeNextFile(folder, name, () => code),
    ...files.map(file => writeNextFile(folder, hashedAssetName(file), () => readFile(file.path))),
  ])
  return name
}

/** `next/image` looks for the preview under a name of its own. */
function withBlur(image: ImageTemplate): ImageTemplate {
  return {
    ...image,
    assemble(urlOf) {
      const asset = image.assemble(urlOf)
      const blurDataURL = asset.placeholder?.dataUrl
      return blurDataURL === undefined ? asset : { ...asset, ...{ blurDataURL } }
    },
  }
}
