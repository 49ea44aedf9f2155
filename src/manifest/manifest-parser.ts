import type { Manifest } from './manifest.ts'
import type { ManifestOptions } from './manifest-options.ts'
import type { TextFile } from './source/text-file.ts'

/**
 * Makes a manifest of its own text and of the texts that it extends, the farthest first. Rejects
 * with a ManifestError that has all faults at once.
 */
export type ManifestParser = (own: TextFile, bases: readonly TextFile[]) => Promise<Manifest>

/** Increases whenever the same text gives another manifest: results of other versions do not count. */
export const PARSER_VERSION = 6

/** Manifests that earlier processes parsed. Its methods never reject. */
export interface ManifestCache {
  /** Undefined unless it has the whole manifest of exactly these texts. */
  get(texts: readonly TextFile[]): Promise<Manifest | undefined>
  put(texts: readonly TextFile[], manifest: Manifest): Promise<void>
}

/**
 * A parser that keeps each file's last manifest while its text, and the texts that it extends, stay
 * the same: a build with nothing new would spend most of its time on parsing and on loading the
 * parser.
 */
export function createManifestParser(
  options: ManifestOptions,
  cache?: ManifestCache,
): ManifestParser {
  const parsed = new Map<
    string,
    { readonly texts: readonly TextFile[]; readonly manifest: Manifest }
  >()

  async function parse(texts: readonly TextFile[]): Promise<Manifest> {
    const cached = await cache?.get(texts)
    if (cached) return cached
    const { parseManifest } = await import('./parse-manifest.ts')
    const [own, ...bases] = texts
    if (!own) throw new TypeError('There is no text to parse.')
    const manifest = parseManifest(own, options, bases)
    await cache?.put(texts, manifest)
    return manifest
  }

  return async (own, bases) => {
    const texts = [own, ...bases]
    const last = parsed.get(own.file)
    if (last && areSame(last.texts, texts)) return last.manifest
    const manifest = await parse(texts)
    parsed.set(own.file, { texts, manifest })
    return manifest
  }
}

function areSame(before: readonly TextFile[], now: readonly TextFile[]): boolean {
  return (
    before.length === now.length &&
    before.every(({ file, text, within }, index) => {
      const other = now[index]
      return file === other?.file && text === other.text && within === other.within
    })
  )
}
