import { readFileSync } from 'node:fs'
import path from 'node:path'
import { StoreError } from '../../errors/store-error.ts'
import type { ImageId } from '../../manifest/image-id.ts'
import { writeAtomically } from '../../system/files/write-atomically.ts'
import { isRecord } from '../../system/is-record.ts'
import { systemCode } from '../../system/system-error.ts'

/** A request that somebody held back. */
export interface HeldRequest {
  readonly image: ImageId
  readonly names: readonly string[]
  /** ISO 8601. */
  readonly since: string
  readonly problem: string
}

/** What was held back, in a file of this machine: a server that restarts does not request it either. */
export interface HeldRequests {
  /** @throws StoreError when there is such a file, and it cannot be read: nobody knows what it held back */
  read(): readonly HeldRequest[]
  write(held: readonly HeldRequest[]): Promise<void>
}

/** @param cacheDir absolute path */
export function createHeldRequests(cacheDir: string): HeldRequests {
  const file = path.join(cacheDir, 'local', 'held.json')
  return {
    read() {
      try {
        return parseHeld(readFileSync(file, 'utf8'))
      } catch (cause) {
        if (systemCode(cause) === 'ENOENT') return []
        throw new StoreError(
          `${file} lists images whose words were saved without generating, and cannot be read. Delete it to let them be generated.`,
          { cause },
        )
      }
    },
    write: held => writeAtomically(file, JSON.stringify(held)),
  }
}

function parseHeld(text: string): readonly HeldRequest[] {
  const json: unknown = JSON.parse(text)
  if (Array.isArray(json) && json.every(isHeldRequest)) return json
  throw new TypeError('It is not a list of requests.')
}

function isHeldRequest(value: unknown): value is HeldRequest {
  if (!isRecord(value) || !isRecord(value.image) || !Array.isArray(value.names)) return false
  const { manifest, name } = value.image
  return [manifest, name, value.since, value.problem, ...value.names].every(
    text => typeof text === 'string',
  )
}
