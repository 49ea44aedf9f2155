import { StoreError } from '../../errors/store-error.ts'
import { formatImageId } from '../../manifest/image-id.ts'
import type { OriginalEntry } from '../original.ts'
import { type Decision, type DecisionKind, decisionOf } from '../store/entry/decision.ts'
import type { OriginalStore } from '../store/original-store.ts'
import { type DecidedRequest, type DecisionDeps, withLease } from './decide.ts'

export interface UndoOptions {
  readonly kind: DecisionKind
  /** Removes the entry from the shared store as well. @default false */
  readonly shared?: boolean
  /** Says what would happen, and removes nothing. @default false */
  readonly dryRun?: boolean
}

export interface Undone {
  /** What was undone on this machine; absent when there was nothing here. */
  readonly decision?: Decision
  /**
   * The shared store: `left`: it still has the entry. `other`: it has another machine's picture, which
   * stays. Absent: it has none.
   */
  readonly shared?: 'removed' | 'left' | 'other'
}

/**
 * Removes the entry of a picture that was kept or adopted, never one that a request brought.
 * @throws StoreError
 */
export function undoDecision(
  wanted: DecidedRequest,
  options: UndoOptions,
  deps: DecisionDeps,
): Promise<Undone> {
  const work = () => undo(wanted, options, deps)
  if (options.dryRun) return work()
  return withLease(wanted, deps, { arrived: async () => false, work })
}

async function undo(
  { key, image }: DecidedRequest,
  { kind, shared = false, dryRun = false }: UndoOptions,
  { store }: DecisionDeps,
): Promise<Undone> {
  const entries = await store.entries(key)
  const here = entries.here && requireDecision(entries.here, kind, formatImageId(image))
  if (entries.here && kind === 'kept') await requireOther(entries.here, image, store)
  const there = findShared(entries, kind)
  const removesThere = shared && there === 'left'
  if (removesThere && store.shared?.access === 'read-only') {
    throw new StoreError(
      `${store.shared.label} is read-only here, so nothing can be removed. Run this where \`store.access\` is "read-write".`,
    )
  }
  if (!dryRun && here) await store.remove(key)
  if (!dryRun && removesThere) await store.shared?.remove([key])
  return {
    ...(here && { decision: here }),
    ...(there && { shared: removesThere ? 'removed' : there }),
  }
}

/** @throws StoreError when a request brought the picture, or it was decided on in another way */
function requireDecision(entry: OriginalEntry, kind: DecisionKind, subject: string): Decision {
  const decision = decisionOf(entry)
  if (decision?.kind === kind) return decision
  const how =
    decision === undefined
      ? 'its original was requested'
      : `it was ${decision.kind}: undo that with \`imagegen ${decision.kind === 'kept' ? 'keep' : 'adopt'} --undo\``
  throw new StoreError(`${subject} was not ${kind}, so there is nothing to undo: ${how}.`)
}

/** A kept picture may have lost its own entry since: no original is deleted by an undo. */
async function requireOther(
  { key, digest }: OriginalEntry,
  image: DecidedRequest['image'],
  store: OriginalStore,
): Promise<void> {
  for await (const other of store.list()) {
    if (other.key !== key && other.entry.digest === digest) return
  }
  throw new StoreError(
    `${formatImageId(image)}: the entry of the earlier request is gone, so this entry is the only one left for the picture. It stays. To get another picture, write another \`revision\`.`,
  )
}

function findShared(
  { here, shared }: { readonly here?: OriginalEntry; readonly shared?: OriginalEntry },
  kind: DecisionKind,
): Undone['shared'] {
  if (!shared) return undefined
  const isSame = !here || here.digest === shared.digest
  return isSame && decisionOf(shared)?.kind === kind ? 'left' : 'other'
}
