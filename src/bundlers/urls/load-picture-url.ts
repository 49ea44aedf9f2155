import { createReadAhead } from '../assets/read-ahead.ts'
import type { HostContext } from '../load-manifest.ts'
import type { PluginSession } from '../session/plugin-session.ts'
import { resolvePictureFile } from './picture-file.ts'
import { isQueryFault, type PictureQuery, parsePictureQuery } from './picture-query.ts'
import { urlError } from './url-error.ts'

/** The module of `./site.image.yaml?image=hero&src`: its default export is the URL alone. */
export async function loadPictureUrl(
  session: PluginSession,
  file: string,
  id: string,
  host: HostContext,
): Promise<string> {
  const query = await queryOf(session, file, id)
  const asset = await resolvePictureFile(session, file, query, host)
  if ('message' in asset) throw await urlError(await rootOf(session), file, query.image, asset)
  const read = createReadAhead([asset])
  return renderUrlModule(await host.urlOf(asset, () => read(asset), ['default']))
}

/** @param expression of the URL, in JavaScript */
export function renderUrlModule(expression: string): string {
  return `const url = ${expression}\nexport { url as default }\n`
}

/** The query in an id. @throws ManifestError */
export async function queryOf(
  session: PluginSession,
  file: string,
  id: string,
): Promise<PictureQuery> {
  const query = parsePictureQuery(id)
  if (query && !isQueryFault(query)) return query
  const fault = query ?? { message: 'The query names no image.' }
  throw await urlError(await rootOf(session), file, id, fault)
}

async function rootOf(session: PluginSession): Promise<string> {
  return (await session.pipeline()).options.root
}
