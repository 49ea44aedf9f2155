import { randomUUID } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isKey, type Key } from '../../plan/image-request.ts'
import type { Clock } from '../../system/clock.ts'
import { systemCode } from '../../system/system-error.ts'
import { requestVersion } from '../newer-version.ts'
import { ANSWER_SUFFIX, PARTIAL_SUFFIX } from './answer-file.ts'
import {
  ATTEMPT_SUFFIX,
  FACTS_SUFFIX,
  listFolder,
  OUTCOME_SUFFIX,
  readJournalRecord,
  writeJournalRecord,
} from './journal-files.ts'
import {
  type AttemptRecord,
  type JournalAttempt,
  type OutcomeRecord,
  parseAttemptRecord,
  parseOutcomeRecord,
} from './journal-record.ts'
import { type PreparedAttempt, prepareJournalRecord } from './prepare-journal-record.ts'

const CLEARED_PREFIX = '.cleared-'

/**
 * What was sent, and what became of it: `local/journal/<key>/<attempt>.*`. A record is on disk
 * before its attempt is sent and stays until the original is committed.
 */
export interface Journal {
  /** Oldest first. @throws StoreError */
  read(key: Key): Promise<readonly JournalAttempt[]>
  /** Keys with at least one record. @throws StoreError */
  keys(): Promise<readonly Key[]>
  /** Whether this machine began to request the key, even if nothing was sent. */
  knows(key: Key): Promise<boolean>
  /** Writes a record aside, so that little is left to do once the attempt may be sent. */
  prepare(attempt: Omit<AttemptRecord, 'version' | 'time'>): Promise<PreparedAttempt>
  /** Notes durably what became of an attempt. */
  settle(
    key: Key,
    attempt: Pick<JournalAttempt, 'name'>,
    outcome: Omit<OutcomeRecord, 'version' | 'time'>,
  ): Promise<void>
  /** Forgets a key, whose original is committed. */
  clear(key: Key): Promise<void>
  /** Removes what a crash has left of cleared folders. */
  sweep(): Promise<void>
  /** Absolute path of a key's folder, for messages. */
  folder(key: Key): string
}

export function createJournal(directory: string, clock: Clock): Journal {
  const folder = (key: Key): string => join(directory, key)
  const now = (): string => clock.date().toISOString()
  return {
    folder,
    read: key => readAttempts(folder(key)),
    async keys() {
      const keys = (await listFolder(directory)).filter(isKey)
      const attempts = await Promise.all(keys.map(key => readAttempts(folder(key))))
      return keys.filter((_, index) => attempts[index]?.length)
    },
    knows: async key => (await listFolder(directory)).includes(key),
    prepare: attempt =>
      prepareJournalRecord(folder(attempt.key), {
        version: requestVersion(attempt.request),
        ...attempt,
        time: now(),
      }),
    async settle(key, { name }, outcome) {
      const file = join(folder(key), name + OUTCOME_SUFFIX)
      await writeJournalRecord(file, { version: 1, ...outcome, time: now() }).catch(error => {
        // The process that took the lease over committed and cleared it: nothing is open any more.
        if (systemCode(error) !== 'ENOENT') throw error
      })
    },
    async clear(key) {
      // Renamed first, so that a crash leaves all of the records or none.
      const done = join(directory, `${CLEARED_PREFIX}${randomUUID()}`)
      try {
        await rename(folder(key), done)
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return
        throw error
      }
      await rm(done, { recursive: true, force: true })
    },
    async sweep() {
      const left = (await listFolder(directory)).filter(name => name.startsWith(CLEARED_PREFIX))
      for (const name of left) await rm(join(directory, name), { recursive: true, force: true })
    },
  }
}

/** The attempts of one key's folder, oldest first. */
async function readAttempts(folder: string): Promise<readonly JournalAttempt[]> {
  const names = new Set(await listFolder(folder))
  const attempts = [...names]
    .filter(name => name.endsWith(ATTEMPT_SUFFIX))
    .map(name => name.slice(0, -ATTEMPT_SUFFIX.length))
    .sort()
  const found: JournalAttempt[] = []
  for (const name of attempts) {
    const path = (suffix: string): string => join(folder, name + suffix)
    const has = (suffix: string): boolean => names.has(name + suffix)
    const record = await readJournalRecord(path(ATTEMPT_SUFFIX), parseAttemptRecord)
    // Another process has committed this key and cleared its folder in the meantime.
    if (!record) continue
    const outcome = has(OUTCOME_SUFFIX)
      ? await readJournalRecord(path(OUTCOME_SUFFIX), parseOutcomeRecord)
      : undefined
    found.push({
      name,
      record,
      ...(outcome && { outcome }),
      ...(has(ANSWER_SUFFIX) && { answer: path(ANSWER_SUFFIX) }),
      ...(has(PARTIAL_SUFFIX) && { partialAnswer: path(PARTIAL_SUFFIX) }),
      ...(has(FACTS_SUFFIX) && { facts: path(FACTS_SUFFIX) }),
    })
  }
  return found
}
