import type { Manifest } from './manifest.ts'
import type { ManifestOptions } from './manifest-options.ts'
import { parseManifest, type TextFile } from './parse-manifest.ts'

/** {@link parseManifest} under one set of options. */
export type ManifestParser = (own: TextFile, bases: readonly TextFile[]) => Manifest

/**
 * A parser that keeps each file's last manifest, and gives it again while neither its text nor that
 * of what it extends has changed: parsing is most of what planning a large project costs.
 */
export function createManifestParser(options: ManifestOptions): ManifestParser {
  const parsed = new Map<
    string,
    { readonly texts: readonly TextFile[]; readonly manifest: Manifest }
  >()

  return (own, bases) => {
    const texts = [own, ...bases]
    const last = parsed.get(own.file)
    if (last && areSame(last.texts, texts)) return last.manifest
    const manifest = parseManifest(own, options, bases)
    parsed.set(own.file, { texts, manifest })
    return manifest
  }
}

function areSame(before: readonly TextFile[], now: readonly TextFile[]): boolean {
  return (
    before.length === now.length &&
    before.every(({ file, text }, index) => file === now[index]?.file && text === now[index]?.text)
  )
}
