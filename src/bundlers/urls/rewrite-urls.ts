import { stripQuery } from '../manifests/manifest-id.ts'
import { refuseUrl } from '../manifests/refuse-reference.ts'
import { replaceUrls, type WrittenUrl } from './find-manifest-urls.ts'
import {
  isQueryFault,
  type PictureQuery,
  parsePictureQuery,
  type QueryFault,
} from './picture-query.ts'
import { type FaultyUrl, urlsError } from './url-error.ts'

/** A URL, and the part of the text that what stands for it replaces. */
export interface UrlPlace {
  readonly url: WrittenUrl
  /** Absent: the URL itself. */
  readonly call?: WrittenUrl
}

/** A text whose URLs of manifests become URLs of pictures. */
export interface UrlText {
  /** Absolute path or id of the file that the text is of. */
  readonly file: string
  readonly text: string
  readonly places: readonly UrlPlace[]
  /** Absolute path of the project. */
  root(): Promise<string>
  /** Absolute path of a file as the text names it; undefined when there is none. */
  resolve(path: string): Promise<string | undefined>
  /** What to write in the place of a URL; undefined for a manifest of another instance. */
  urlOf(
    manifest: string,
    query: PictureQuery,
    /** As the text names the manifest. */
    name: string,
  ): Promise<string | QueryFault | undefined>
}

/**
 * Puts URLs of pictures in the place of `./site.image.yaml?image=hero`.
 * @returns undefined when nothing changes
 * @throws PublishedManifestError for a manifest without a query that names an image
 * @throws ManifestError with every fault
 */
export async function rewriteUrls(given: UrlText): Promise<string | undefined> {
  const { file, text, places } = given
  const faults: FaultyUrl[] = []
  const replacements: { start: number; end: number; by: string }[] = []
  for (const { url: place, call = place } of places) {
    const by = await replacementOf(place.url, given)
    if (typeof by === 'string') replacements.push({ start: call.start, end: call.end, by })
    else if (by) faults.push({ place, fault: by })
  }
  if (faults.length > 0) throw urlsError(await given.root(), file, text, faults)
  return replacements.length > 0 ? replaceUrls(text, replacements) : undefined
}

async function replacementOf(
  url: string,
  { file, resolve, urlOf }: UrlText,
): Promise<string | QueryFault | undefined> {
  const query = parsePictureQuery(url)
  if (!query) throw refuseUrl(url, file)
  if (isQueryFault(query)) return query
  const manifest = await resolve(stripQuery(url))
  if (manifest === undefined) {
    return {
      message: `The file ${stripQuery(url)} does not exist.`,
      hint: 'Name it relative to this one.',
    }
  }
  return urlOf(manifest, query, stripQuery(url))
}
