import { copyFile } from 'node:fs/promises'
import path from 'node:path'
import { assetIdentity, hashedAssetName, listAssetFiles } from '../../module/asset-name.ts'
import type { ImageTemplate } from '../../module/image-template.ts'
import { renderModule } from '../../module/render-module.ts'
import type { ResolvedModule } from '../../pipeline/pipeline.ts'
import { exists } from '../../system/present-file.ts'
import { toSlashes } from '../../system/project-path.ts'

/**
 * The module of a manifest for Next.js, which imports its files as pictures: Turbopack and webpack
 * emit them where browsers find them, whichever of Next's compilers asks.
 * @param from absolute path of the folder of the manifest
 * @param folder absolute path of a folder for the files
 */
export async function renderNextModule(
  module: ResolvedModule,
  { from, folder }: { readonly from: string; readonly folder: string },
): Promise<string> {
  const names = new Map<string, string>()
  const imports: string[] = []
  for (const { file } of listAssetFiles(module)) {
    const target = path.join(folder, hashedAssetName(file))
    if (!(await exists(target))) await copyFile(file.path, target)
    const name = `file${imports.length}`
    names.set(assetIdentity(file), `/*#__PURE__*/ urlOf(${name})`)
    imports.push(`import ${name} from ${JSON.stringify(specifierOf(from, target))}`)
  }
  const images = module.images.map(withBlur)
  const code = renderModule(
    { single: module.single, images },
    file => names.get(assetIdentity(file)) ?? 'undefined',
  )
  return `${imports.join('\n')}\n${URL_OF}\n${code}`
}

/** Turbopack gives a URL where webpack, and Turbopack outside of `node_modules`, give an object. */
const URL_OF = "const urlOf = file => (typeof file === 'string' ? file : file.src)"

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

function specifierOf(from: string, file: string): string {
  const relative = toSlashes(path.relative(from, file))
  return relative.startsWith('.') ? relative : `./${relative}`
}
