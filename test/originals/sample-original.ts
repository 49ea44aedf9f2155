import { writeFile } from 'node:fs/promises'
import type { OriginalEntry } from '../../src/originals/original.ts'
import type { OriginalStore } from '../../src/originals/store/original-store.ts'
import type { ImageRequest } from '../../src/plan/image-request.ts'
import { requestKey } from '../../src/plan/request-key.ts'
import { sha256 } from '../../src/system/digest.ts'

export function sampleRequest(prompt: string): ImageRequest {
  return {
    endpoint: 'generations',
    model: 'gpt-image-2',
    prompt,
    size: '1024x1024',
    params: { quality: 'high' },
    revision: 1,
    references: [],
  }
}

/** An entry for bytes that stand for a picture: the store does not decode. */
export function sampleEntry(
  prompt: string,
  bytes: string | Uint8Array,
  changes: Partial<OriginalEntry> = {},
): OriginalEntry {
  const request = sampleRequest(prompt)
  return {
    version: 1,
    key: requestKey(request),
    request,
    digest: sha256(bytes),
    size: Buffer.byteLength(bytes),
    format: 'png',
    width: 1024,
    height: 1024,
    requestId: `request-${prompt}`,
    attempts: 1,
    createdAt: '2026-01-02T03:04:05.678Z',
    facts: { revised_prompt: `${prompt}, in detail` },
    ...changes,
  }
}

/** Commits bytes as the process that requested them does. */
export async function commitSample(
  store: OriginalStore,
  prompt: string,
  bytes: string | Uint8Array,
  changes: Partial<OriginalEntry> = {},
) {
  const file = await store.temporaryFile()
  await writeFile(file, bytes)
  return store.commit(sampleEntry(prompt, bytes, changes), file)
}
