import { readFile } from 'node:fs/promises'
import { assetIdentity } from '../../module/asset-name.ts'
import type { EmitContext, EmittedAssets } from '../assets/emitted-assets.ts'
import { type ListedImages, listImages, relativeUrl } from '../listed/list-images.ts'
import type { HostContext } from '../load-manifest.ts'
import type { PluginSession } from '../session/plugin-session.ts'

interface ListContext extends EmitContext {
  getFileName(reference: string): string
}

/** The list of every image, which a build writes where the option `assets` says so. */
export interface RollupList {
  /** A build begins: makes sure that every image is there. */
  begin(host: Omit<HostContext, 'urlOf'>): Promise<void>
  /** An output begins: emits all pictures into it. */
  emitPictures(context: EmitContext, output: object): Promise<void>
  /** Emits the list of them, once files have names. */
  emitList(context: ListContext, output: object): void
}

export function createRollupList(session: PluginSession, assets: EmittedAssets): RollupList {
  let listed: ListedImages | undefined
  /** References of the pictures of each output, by what tells them apart. */
  const outputs = new WeakMap<object, ReadonlyMap<string, string>>()
  return {
    async begin(host) {
      listed = undefined
      listed = await listImages(session, host)
    },
    async emitPictures(context, output) {
      const references = new Map<string, string>()
      for (const file of listed?.files ?? []) {
        const originalFileName = await session.originalName(file.origin)
        const source = await readFile(file.path)
        const reference = assets.emit(context, { file, originalFileName, source, isListed: true })
        references.set(assetIdentity(file), reference)
      }
      outputs.set(output, references)
    },
    emitList(context, output) {
      if (!listed) return
      const { fileName, render } = listed
      const references = outputs.get(output)
      const source = render(file => {
        const name = context.getFileName(references?.get(assetIdentity(file)) ?? '')
        assets.markReferenced(name)
        return relativeUrl(name, fileName)
      })
      context.emitFile({ type: 'asset', fileName, source })
    },
  }
}
