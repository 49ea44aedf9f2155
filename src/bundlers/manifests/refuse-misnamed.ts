import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { UnclaimedManifestError } from '../../errors/unclaimed-manifest-error.ts'
import { isMisnamed, properManifestName } from '../../manifest/source/manifest-name.ts'
import { shownText } from '../../text/shown-text.ts'
import { plainError } from '../session/plain-error.ts'

/** Import specifiers and ids, without a query, of files that are probably meant as manifests. */
export const MISNAMED_ID: RegExp = /\.(?:images|img|imagegen)\.ya?ml$/

/** Plugins that make modules of YAML, or of texts to translate, which may be YAML. */
const READS_YAML = /ya?ml|i18n/i

export interface ImportedMisnamed {
  /** Absolute path. */
  readonly file: string
  readonly importer?: string | undefined
  /** Names of the host's plugins or loaders. */
  readonly others: readonly string[]
}

/**
 * Refuses a manifest with a name that we do not take, which the host would read as JavaScript. A file
 * that holds something else, or that another plugin reads, is left alone.
 * @throws UnclaimedManifestError
 */
export async function refuseMisnamed({ file, importer, others }: ImportedMisnamed): Promise<void> {
  if (!isMisnamed(file) || others.some(name => READS_YAML.test(name))) return
  const text = await readFile(file, 'utf8').catch(() => '')
  if (!/^(?:images|prompt) *:/m.test(text) || !/\bprompt *:/.test(text)) return
  const name = path.basename(file)
  const where = importer === undefined ? '' : ` (imported in ${path.basename(importer)})`
  throw plainError(
    new UnclaimedManifestError(
      shownText(
        `${name}${where} is not read as a manifest because of its name. Rename it to ${properManifestName(name)}, and change the import.`,
      ),
    ),
  )
}

/** As much of a Rollup-like host as finds the file of an import. */
interface Resolver {
  resolve(
    source: string,
    importer: string | undefined,
    options: { skipSelf: true },
  ): Promise<{ readonly id: string } | null>
}

/** {@link refuseMisnamed} where a Rollup-like host resolves an import, which it goes on with. */
export async function declineMisnamed(
  context: Resolver,
  source: string,
  { importer, others }: Omit<ImportedMisnamed, 'file'>,
): Promise<null> {
  const resolved = await context.resolve(source, importer, { skipSelf: true })
  if (resolved) await refuseMisnamed({ file: resolved.id, importer, others })
  return null
}
