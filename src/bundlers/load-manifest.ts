import type { AssetFile } from '../module/image-template.ts'
import { renderModule } from '../module/render-module.ts'
import type { ResolvedModule } from '../pipeline/pipeline.ts'
import { assetIdentity, listAssetFiles } from './asset-name.ts'
import type { Session } from './session.ts'

/** The few things in which hosts differ when a manifest is loaded. */
export interface HostContext {
  addWatchFile(file: string): void
  warn(message: string): void
  /** Emits or serves a file and returns the JavaScript expression of its URL. */
  urlOf(file: AssetFile): Promise<string>
}

/** The manifest's module as the host's JavaScript; its files are emitted on the way, each once. */
export async function loadManifest(
  session: Session,
  file: string,
  host: HostContext,
): Promise<string> {
  host.addWatchFile(file)
  let module: ResolvedModule
  try {
    module = await session.resolve(file)
  } catch (error) {
    // Mending what is faulty or missing has to rebuild.
    for (const watched of await session.watchFiles(file)) host.addWatchFile(watched)
    throw error
  } finally {
    for (const warning of session.takeWarnings()) host.warn(warning)
  }
  for (const watched of module.watchFiles) host.addWatchFile(watched)

  const urls = new Map<string, string>()
  for (const asset of listAssetFiles(module.images)) {
    urls.set(assetIdentity(asset), await host.urlOf(asset))
  }
  return renderModule(module, asset => urls.get(assetIdentity(asset)) ?? 'undefined')
}
