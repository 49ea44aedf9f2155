import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { PublishedManifestError } from '../../errors/published-manifest-error.ts'
import { projectPath } from '../../system/project-path.ts'
import { shownText } from '../../text/shown-text.ts'
import { MANIFEST_ID } from '../manifests/manifest-id.ts'
import type { PluginSession } from '../session/plugin-session.ts'
import { findSuspects, type Output, type Suspect } from './find-suspects.ts'

/** Referring files that a message names. */
const NAMED = 5

/**
 * Fails a build whose output holds the text of a manifest, as a file or a `data:` URL. Manifests are
 * looked for only where an output has something that looks like one.
 * @param sources absolute paths of the files that the build was made of, as far as they are known
 * @throws PublishedManifestError
 */
export async function guardOutputs(
  session: PluginSession,
  outputs: Iterable<Output>,
  sources: () => Iterable<string>,
): Promise<void> {
  const suspects: Suspect[] = []
  for (const output of outputs) suspects.push(...findSuspects(output))
  if (suspects.length === 0) return
  session.begin()
  try {
    const { options, discover } = await session.pipeline()
    const files = new Set([...sources()].map(file => path.normalize(file)))
    const imported = [...files].filter(file => MANIFEST_ID.test(file))
    const manifests = await readManifests([...(await discover()), ...imported])
    const published = new Map<string, Suspect[]>()
    for (const suspect of suspects) {
      const manifest = manifests.get(wordsOf(suspect.text))
      if (manifest === undefined) continue
      published.set(manifest, [...(published.get(manifest) ?? []), suspect])
    }
    const messages: string[] = []
    for (const [manifest, places] of published) {
      const referring = await findReferring(manifest, files)
      const toName = (file: string): string => projectPath(options.root, file)
      messages.push(describe(toName(manifest), places, referring.map(toName)))
    }
    if (messages.length > 0) throw new PublishedManifestError(shownText(messages.join('\n')))
  } finally {
    await session.end()
  }
}

/** Manifests by the part of a text that stays the same when it is quoted, escaped or trimmed. */
async function readManifests(files: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const manifests = new Map<string, string>()
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text !== undefined && wordsOf(text) !== '') manifests.set(wordsOf(text), file)
  }
  return manifests
}

function wordsOf(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, '')
}

/** Files that name a manifest. They are read only for a build that fails. */
async function findReferring(
  manifest: string,
  sources: ReadonlySet<string>,
): Promise<readonly string[]> {
  const name = path.basename(manifest)
  const found: string[] = []
  for (const source of sources) {
    if (MANIFEST_ID.test(source) || found.length === NAMED) continue
    const text = await readFile(source, 'utf8').catch(() => '')
    if (text.includes(name)) found.push(source)
  }
  return found
}

function describe(
  manifest: string,
  places: readonly Suspect[],
  referring: readonly string[],
): string {
  const where = places.map(({ output, as }) =>
    as === 'file' ? output : `a data: URL in ${output}`,
  )
  const named = referring.length === 0 ? '' : ` ${manifest} is named in ${referring.join(', ')}.`
  return `The output of this build holds the text of ${manifest}, prompts included: ${[...new Set(where)].join(', ')}.${named} Import the manifest in a script and use \`src\` of its image; only \`?raw\` gives out its text.`
}
