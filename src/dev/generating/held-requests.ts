import { readFileSync } from 'node:fs'
import path from 'node:path'
import * as v from 'valibot'
import { writeAtomically } from '../../system/write-atomically.ts'

const heldSchema = v.object({
  image: v.object({
    manifest: v.string(),
    name: v.string(),
    revision: v.exactOptional(v.number()),
  }),
  names: v.array(v.string()),
  since: v.string(),
  problem: v.string(),
})

/** A request that somebody held back. */
export type HeldRequest = v.InferOutput<typeof heldSchema>

/** What was held back, in a file of this machine: a server that restarts does not request it either. */
export interface HeldRequests {
  /** Nothing when there is no such file, or it is damaged. */
  read(): readonly HeldRequest[]
  write(held: readonly HeldRequest[]): Promise<void>
}

/** @param cacheDir absolute path */
export function createHeldRequests(cacheDir: string): HeldRequests {
  const file = path.join(cacheDir, 'local', 'held.json')
  return {
    read() {
      try {
        const json: unknown = JSON.parse(readFileSync(file, 'utf8'))
        const result = v.safeParse(v.array(heldSchema), json)
        return result.success ? result.output : []
      } catch {
        return []
      }
    },
    write: held => writeAtomically(file, JSON.stringify(held)),
  }
}
