import { readFile } from 'node:fs/promises'
import { ManifestError } from '../../errors/manifest-error.ts'
import { createSourceText } from '../../manifest/source/source-text.ts'
import { projectPath } from '../../system/project-path.ts'
import { stripQuery } from '../manifests/manifest-id.ts'
import type { WrittenUrl } from './find-manifest-urls.ts'
import type { QueryFault } from './picture-query.ts'

/** A URL that names no picture, where it was written. */
export interface FaultyUrl {
  readonly place: WrittenUrl
  readonly fault: QueryFault
}

/** Tells of all faulty URLs in a text. @param root absolute path of the project */
export function urlsError(
  root: string,
  file: string,
  text: string,
  faults: readonly FaultyUrl[],
): ManifestError {
  const source = createSourceText(projectPath(root, stripQuery(file)), text)
  return new ManifestError(
    faults.map(({ place, fault }) => source.diagnostic(place, fault.message, fault.hint)),
  )
}

/** The same for one URL, whose host tells only in which file it stands. */
export async function urlError(
  root: string,
  file: string,
  url: string,
  fault: QueryFault,
): Promise<ManifestError> {
  const text = await readFile(stripQuery(file), 'utf8').catch(() => '')
  // Hosts may have decoded it, or put another path before it.
  const [, query = url] = url.split('?')
  const at = [url, query].map(part => ({ part, start: text.indexOf(part) }))
  const { part, start } = at.find(({ start }) => start >= 0) ?? { part: '', start: 0 }
  return urlsError(root, file, text, [{ place: { url, start, end: start + part.length }, fault }])
}
