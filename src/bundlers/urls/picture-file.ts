import type { AssetFile } from '../../module/image-template.ts'
import { type HostContext, resolveForHost } from '../load-manifest.ts'
import type { PluginSession } from '../session/plugin-session.ts'
import { findQueriedImage, pickUrl } from './pick-url.ts'
import type { PictureQuery, QueryFault } from './picture-query.ts'

/**
 * The file that a query names. A query that names none is told before anything is requested; then
 * the whole manifest is resolved, as for an import of it, and both share the work.
 */
export async function resolvePictureFile(
  session: PluginSession,
  file: string,
  query: PictureQuery,
  host: Omit<HostContext, 'urlOf'>,
): Promise<AssetFile | QueryFault> {
  host.addWatchFile(file)
  const fault = await checkQuery(session, file, query)
  if (fault) return fault
  const { images } = await resolveForHost(session, file, host)
  const files: AssetFile[] = []
  const template = images.find(({ id }) => id.name === query.image)
  // Positions in the list stand for URLs.
  const asset = template?.assemble(asset => String(files.push(asset) - 1))
  const picked = asset ? pickUrl(asset, query) : { message: `There is no image "${query.image}".` }
  if (typeof picked !== 'string') return picked
  return files[Number(picked)] ?? { message: `The image "${query.image}" has no file.` }
}

/** What is wrong with a query, as far as its manifest tells. Requests nothing. */
export async function checkQuery(
  session: PluginSession,
  file: string,
  query: PictureQuery,
): Promise<QueryFault | undefined> {
  const pipeline = await session.pipeline()
  // Its faults are told where it is resolved.
  const manifest = await pipeline.manifest(file).catch(() => undefined)
  const found = manifest && findQueriedImage(manifest, query)
  return found && 'message' in found ? found : undefined
}
