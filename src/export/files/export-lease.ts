import type { Lease } from '../../originals/leases/leases.ts'
import { createLocalLeases } from '../../originals/leases/local-leases.ts'
import { isKey } from '../../plan/image-request.ts'
import { sha256 } from '../../system/digest.ts'

export interface ExportLeaseOptions {
  /** Milliseconds without a sign of life after which another export counts as dead. @default 12_000 */
  readonly ttl?: number
  readonly signal?: AbortSignal
  /** Takes sentences. */
  warn(message: string): void
}

/** Waits until no other process writes the same export. */
export async function acquireExportLease(
  cacheDir: string,
  id: string,
  { ttl = 12_000, signal, warn }: ExportLeaseOptions,
): Promise<Lease> {
  const key = sha256(`export ${id}`)
  const leases = createLocalLeases(cacheDir, { ttl, heartbeat: ttl / 6, onWarning: warn })
  const lease = isKey(key)
    ? await leases.acquire(key, {
        ...(signal && { signal }),
        arrived: async () => false,
        onWait: holder => warn(`Waiting for another export to the same place, by ${holder}.`),
      })
    : undefined
  if (!lease) throw new Error('A lease that nothing ends was not given.')
  return lease
}
