import { PublishedManifestError } from '../../errors/published-manifest-error.ts'
import { shownText } from '../../text/shown-text.ts'
import { stripQuery } from './manifest-id.ts'

/** A query that hosts answer with the text of the manifest. */
export function refuseQuery(specifier: string, importer?: string): PublishedManifestError {
  return new PublishedManifestError(
    `${reference(specifier, importer)} Import it without the query and use \`src\` of its image; \`?raw\` gives the text on purpose.`,
  )
}

/** A URL in CSS, HTML or `new URL()`, where hosts put the file that it names. */
export function refuseUrl(specifier: string, importer?: string): PublishedManifestError {
  return new PublishedManifestError(
    `${reference(specifier, importer)} Import it in a script and use \`src\` of its image, or name an image in the URL: "${shownText(stripQuery(specifier))}?image=NAME".`,
  )
}

function reference(specifier: string, importer: string | undefined): string {
  const where = importer ? ` in ${stripQuery(importer)}` : ''
  return shownText(
    `The URL "${specifier}"${where} would publish the manifest itself, prompts included.`,
  )
}
