import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { type Digest, digestOf } from '../../../system/digest.ts'

/** Bytes. Larger pieces are no faster. */
const PIECE = 256 * 1024

/**
 * SHA-256 of a file's bytes. All pieces share one buffer: with one each, as of a stream, half of
 * the time and tens of megabytes go into buffers to be collected.
 */
export async function digestFile(path: string): Promise<Digest> {
  const hash = createHash('sha256')
  const handle = await open(path)
  try {
    const piece = Buffer.allocUnsafeSlow(PIECE)
    for (;;) {
      const { bytesRead } = await handle.read(piece, 0, PIECE)
      if (bytesRead === 0) return digestOf(hash)
      hash.update(piece.subarray(0, bytesRead))
    }
  } finally {
    await handle.close()
  }
}
