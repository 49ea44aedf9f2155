import { assetIdentity, listAssetFiles } from '../module/asset-name.ts'
import type { AssetFile } from '../module/image-template.ts'
import { renderModule } from '../module/render-module.ts'
import { renderPublicTypes } from '../module/render-types.ts'
import type { ResolvedModule } from '../pipeline/pipeline.ts'
import { shownText } from '../text/shown-text.ts'
import { createReadAhead } from './assets/read-ahead.ts'
import { plainError } from './session/plain-error.ts'
import type { PluginSession } from './session/plugin-session.ts'

/** The few things in which hosts differ when a manifest is loaded. */
export interface HostContext {
  addWatchFile(file: string): void
  /** Takes a file whose appearance would change the module, where the host can wait for one. */
  addMissingFile?(file: string): void
  warn(message: string): void
  /**
   * Emits a file and returns the JavaScript expression of its URL. Called for one file after the
   * other, so that the files have the same order in every build.
   * @param read gives the file's bytes, which may have been read already
   * @param exportNames of the module: code that uses none of them needs no such file
   */
  urlOf(
    file: AssetFile,
    read: () => Promise<Buffer>,
    exportNames: readonly string[],
  ): Promise<string>
}

/** The manifest's module as the host's JavaScript; its files are emitted on the way, each once. */
export async function loadManifest(
  session: PluginSession,
  file: string,
  host: HostContext,
): Promise<string> {
  const module = await resolveForHost(session, file, host)
  const urls = new Map<string, string>()
  const assets = listAssetFiles(module)
  const readAhead = createReadAhead(assets.map(({ file }) => file))
  for (const { file: asset, exportNames } of assets) {
    urls.set(assetIdentity(asset), await host.urlOf(asset, () => readAhead(asset), exportNames))
  }
  return renderModule(module, asset => urls.get(assetIdentity(asset)) ?? 'undefined')
}

/** The types of the manifest's module, as a declaration file. */
export async function loadTypes(
  session: PluginSession,
  file: string,
  host: Omit<HostContext, 'urlOf'>,
): Promise<string> {
  return renderPublicTypes(await resolveForHost(session, file, host))
}

/** The module of a manifest. The host gets the files to watch, and the warnings. */
export async function resolveForHost(
  session: PluginSession,
  file: string,
  host: Omit<HostContext, 'urlOf'>,
): Promise<ResolvedModule> {
  host.addWatchFile(file)
  for (const missing of (await session.configFiles()).missing) host.addMissingFile?.(missing)
  try {
    const module = await session.resolve(file)
    for (const watched of module.watchFiles) host.addWatchFile(watched)
    return module
  } catch (error) {
    // Mending the fault, or adding a missing file, has to rebuild.
    for (const watched of await session.watchFiles(file)) host.addWatchFile(watched)
    throw plainError(error)
  } finally {
    for (const warning of session.takeWarnings()) host.warn(shownText(warning))
  }
}
