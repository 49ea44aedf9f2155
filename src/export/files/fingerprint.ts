import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { type Digest, digestOf, sha256 } from '../../system/digest.ts'
import type { ExportContent } from '../plan/plan-export.ts'

/** Tells contents of exported files apart: of a picture its bytes, of a text all but its layout. */
export type Fingerprint = Digest

export function contentFingerprint(content: ExportContent): Fingerprint {
  return content.kind === 'picture' ? content.digest : textFingerprint(content.text, content.kind)
}

/** Of a file on disk. A formatter, or git, may have changed a text's layout since it was written. */
export async function fileFingerprint(file: string, kind: ExportContent['kind']): Promise<Digest> {
  if (kind !== 'picture') return textFingerprint(await readFile(file, 'utf8'), kind)
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return digestOf(hash)
}

function textFingerprint(text: string, kind: ExportContent['kind']): Fingerprint {
  return sha256((kind === 'data' && compactJson(text)) || text.replace(/\s+/g, ''))
}

/** Undefined for what is not JSON. */
function compactJson(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return undefined
  }
}
