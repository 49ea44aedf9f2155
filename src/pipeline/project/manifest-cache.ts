import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { ManifestCache } from '../../manifest/manifest-parser.ts'
import type { TextFile } from '../../manifest/source/text-file.ts'
import { sha256 } from '../../system/digest.ts'
import { writeAtomically } from '../../system/files/write-atomically.ts'

/**
 * Parsed manifests in a folder whose content may go at any time. Each file has one place, however
 * often it is edited, and holds what its manifest was made of (as a digest), a digest of the
 * manifest, and the manifest. A prompt that was read wrong would request another picture.
 * @param under everything else that a manifest depends on: the version of the parser, options
 */
export function createManifestCache(folder: string, under: readonly unknown[]): ManifestCache {
  const fileOf = ([own]: readonly TextFile[]) =>
    path.join(folder, `${digestOf(own?.file ?? '')}.json`)
  const stateOf = (texts: readonly TextFile[]) => digestOf(JSON.stringify([under, texts]))

  return {
    async get(texts) {
      // Parsing mends every fault of the file.
      const content = await readFile(fileOf(texts), 'utf8').catch(() => '')
      const [state = '', digest = ''] = content.split('\n', 2)
      const body = content.slice(state.length + digest.length + 2)
      if (state !== stateOf(texts) || digest !== digestOf(body)) return undefined
      return JSON.parse(body)
    },

    async put(texts, manifest) {
      const body = JSON.stringify(manifest)
      // What JSON can't say is parsed each time.
      if (!isDeepStrictEqual(JSON.parse(body), manifest)) return
      const content = `${stateOf(texts)}\n${digestOf(body)}\n${body}`
      // A full or read-only disk makes the next build slower, not wrong.
      await writeAtomically(fileOf(texts), content).catch(() => undefined)
    },
  }
}

function digestOf(text: string): string {
  return sha256(text)
}
