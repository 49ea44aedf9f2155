import { join, resolve } from 'node:path'
import { createDiskObjects } from '../originals/objects/disk-objects.ts'
import { type Clock, systemClock } from '../system/clock.ts'
import { type Budget, createBudget } from './budget.ts'
import { createLedger, type LedgerOptions } from './ledger.ts'
import { createLedgerFile } from './ledger-file.ts'
import type { Limits } from './limits.ts'
import { createStateFile } from './state-file.ts'

export interface OpenBudgetOptions extends Pick<LedgerOptions, 'ttl' | 'heartbeat' | 'onWarning'> {
  /** The cache directory: the ledger is kept in `local/ledger` below it. */
  readonly cacheDir: string
  readonly limits: Limits
  readonly clock?: Clock
}

/** The budget of a cache directory. Nothing is read or written yet. */
export function openBudget({ cacheDir, limits, ...options }: OpenBudgetOptions): Budget {
  const { clock = systemClock, onWarning } = options
  const objects = createDiskObjects(join(resolve(cacheDir), 'local'), {
    temporary: join(resolve(cacheDir), 'local', 'tmp'),
  })
  const file = createLedgerFile({ file: createStateFile(objects, 'ledger'), clock, onWarning })
  return createBudget(createLedger({ ...options, file, clock }), limits)
}
