import { join } from 'node:path'
import { sha256 } from '../../system/digest.ts'
import { writeAtomically } from '../../system/files/write-atomically.ts'
import type { RenditionSource } from '../rendition.ts'
import { type Draft, drawDraft } from './draft.ts'

/**
 * Writes a draft into the folder of renditions, as a source for them like an original. It never
 * becomes an original: nothing is written to their store.
 * @param cacheDir absolute path of the folder for renditions
 */
export async function storeDraft(draft: Draft, cacheDir: string): Promise<RenditionSource> {
  const svg = drawDraft(draft)
  const digest = sha256(svg)
  const path = join(cacheDir, digest.slice(0, 2), `${digest}.svg`)
  await writeAtomically(path, svg)
  const { width, height } = draft
  return { path, digest, format: 'png', width, height, composite: false, drawn: true }
}
