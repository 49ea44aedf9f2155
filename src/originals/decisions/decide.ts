import { constants, copyFile, rm } from 'node:fs/promises'
import { CorruptOriginalError, NewerVersionError, StoreError } from '../../errors/index.ts'
import { formatImageId, type ImageId } from '../../manifest/image-id.ts'
import type { Clock } from '../../system/clock.ts'
import type { Digest } from '../../system/digest.ts'
import { syncFile } from '../../system/files/durable-file.ts'
import { storeFault } from '../../system/system-error.ts'
import type { Journal } from '../journal/journal.ts'
import type { Leases } from '../leases/leases.ts'
import type { Original, OriginalEntry, ProvePicture, WantedOriginal } from '../original.ts'
import type { OriginalStore } from '../store/original-store.ts'
import { digestFile } from '../store/verification/digest-file.ts'

export interface DecisionDeps {
  readonly store: OriginalStore
  readonly journal: Journal
  readonly leases: Leases
  readonly prove: ProvePicture
  readonly clock: Clock
  /** Ends waiting for another process. */
  readonly signal: AbortSignal
  /** Takes full sentences. */
  warn(message: string): void
}

/** A request whose picture somebody decides on. */
export interface DecidedRequest extends WantedOriginal {
  readonly image: ImageId
}

export interface Decided {
  /** `present`: the key has an original already, which stays. */
  readonly outcome: 'stored' | 'present'
  readonly original: Original
}

/**
 * Does work on a key while no other process requests it or decides on it. Ends waiting as soon as the
 * original arrives that another process requests: the work finds it then.
 */
export async function withLease<Result>(
  { key, image }: DecidedRequest,
  { leases, signal, warn }: DecisionDeps,
  { arrived, work }: { arrived(): Promise<boolean>; work(): Promise<Result> },
): Promise<Result> {
  const lease = await leases.acquire(key, {
    signal,
    arrived,
    onWait: holder =>
      warn(`${formatImageId(image)}: ${holder} is generating it. Waiting for it to finish.`),
  })
  try {
    return await work()
  } finally {
    await lease?.release({ committed: true })
  }
}

/** Gives a key an original from a file that lies on this machine, unless it has one. */
export async function storeDecided(
  wanted: DecidedRequest,
  deps: DecisionDeps,
  source: { readonly path: string; entry(): Promise<OriginalEntry> },
): Promise<Decided> {
  const { store } = deps
  const find = () => findDecidable(wanted, deps)
  return withLease(wanted, deps, {
    arrived: async () => (await store.status(wanted.key)).state === 'ready',
    async work() {
      const present = await find()
      if (present) return { outcome: 'present', original: present }
      const entry = await source.entry()
      const file = await store.temporaryFile()
      try {
        await copy(source.path, file, entry.digest)
        // What another process committed meanwhile wins.
        const { original, first } = await store.commit(entry, file, { keepsRecord: true })
        return { outcome: first ? 'stored' : 'present', original }
      } finally {
        await rm(file, { force: true })
      }
    },
  })
}

/**
 * The original that a request has already.
 * @throws CorruptOriginalError, NewerVersionError: neither is replaced
 */
export async function findDecidable(
  wanted: DecidedRequest,
  { store }: Pick<DecisionDeps, 'store'>,
): Promise<Original | undefined> {
  const found = await store.find(wanted)
  const subject = formatImageId(wanted.image)
  if (found.state === 'corrupt') throw new CorruptOriginalError(`${subject}: ${found.problem}`)
  if (found.state === 'newer') throw new NewerVersionError(`${subject}: ${found.problem}`)
  return found.state === 'ready' ? found.original : undefined
}

async function copy(from: string, to: string, digest: Digest): Promise<void> {
  let copied: Digest
  try {
    await copyFile(from, to, constants.COPYFILE_FICLONE)
    await syncFile(to)
    copied = await digestFile(to)
  } catch (error) {
    throw storeFault(`${from} can't be copied to ${to}`, error)
  }
  if (copied !== digest) {
    throw new StoreError(`${from} changed while it was copied. Nothing was stored. Run again.`)
  }
}
