import type { SharedStore } from '../objects/shared-store.ts'
import type { Lease, Leases } from './leases.ts'

/**
 * How leases on a shared store are kept: each sign of life is a few requests to it, and networks
 * pause for longer than disks.
 */
export const SHARED_LEASE_TIMING = {
  ttl: 60_000,
  heartbeat: 10_000,
  poll: [500, 3_000],
} as const

/**
 * Leases on this machine's directory and on the shared store, both needed to generate. The local one
 * comes first, always: it guards the directory's journal, also against processes that use no
 * shared store, and of several processes here only one asks the shared store.
 */
export function createTieredLeases(local: Leases, shared: Leases, store: SharedStore): Leases {
  return {
    async acquire(key, wait) {
      const here = await local.acquire(key, wait)
      if (!here) return undefined
      try {
        const asked = await store.attempt(async () => ({ there: await shared.acquire(key, wait) }))
        if (!asked) return here
        if (asked.there) return combine(here, asked.there, store)
      } catch (error) {
        await here.release()
        throw error
      }
      await here.release()
      return undefined
    },
  }
}

function combine(here: Lease, there: Lease, store: SharedStore): Lease {
  const isForeign = there.inheritedRequestId !== here.inheritedRequestId
  return {
    lost: AbortSignal.any([here.lost, there.lost]),
    inheritedRequestId: here.inheritedRequestId,
    otherMachineRequestId: isForeign ? there.inheritedRequestId : undefined,
    async note(requestId) {
      // In this order: an ID that only the directory knows was never sent.
      await here.note(requestId)
      await store.attempt(() => there.note(requestId))
    },
    async release(how) {
      await Promise.all([there.release(how), here.release(how)])
    },
  }
}
