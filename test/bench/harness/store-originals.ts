import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { blobName, entryName, serializeEntry } from '../../../src/originals/store/entry/entry.ts'
import type { ImageRequest } from '../../../src/plan/image-request.ts'
import { requestKey } from '../../../src/plan/request-key.ts'
import { sha256 } from '../../../src/system/digest.ts'

export interface StoredPicture {
  readonly prompt: string
  readonly size: string
  /** Absolute path of a PNG. */
  readonly file: string
  readonly width: number
  readonly height: number
}

/** Puts pictures into a project's cache directory as if they had been generated. */
export async function storeOriginals(
  root: string,
  pictures: readonly StoredPicture[],
): Promise<void> {
  for (const { prompt, size, file, width, height } of pictures) {
    const request: ImageRequest = {
      endpoint: 'generations',
      model: 'gpt-image-2',
      prompt,
      size,
      params: {},
      revision: 1,
      references: [],
    }
    const bytes = await readFile(file)
    const key = requestKey(request)
    const digest = sha256(bytes)
    const cache = path.join(root, '.imagegen')
    const [entry, blob] = [
      path.join(cache, entryName(key)),
      path.join(cache, blobName({ digest, format: 'png' })),
    ]
    await Promise.all([entry, blob].map(at => mkdir(path.dirname(at), { recursive: true })))
    await copyFile(file, blob)
    await writeFile(
      entry,
      serializeEntry({
        version: 1,
        key,
        request,
        digest,
        size: bytes.length,
        format: 'png',
        width,
        height,
        requestId: 'bench',
        attempts: 1,
        createdAt: '2026-01-01T00:00:00.000Z',
        facts: {},
      }),
    )
  }
}
