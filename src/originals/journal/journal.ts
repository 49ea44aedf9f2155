import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { NewerVersionError, StoreError } from '../../errors/index.ts'
import { isKey, type Key } from '../../plan/image-request.ts'
import type { Clock } from '../../system/clock.ts'
import { ensureDirectory, syncDirectory, uniqueName, writeNew } from '../../system/durable-file.ts'
import { systemCode } from '../../system/system-error.ts'
import { isNewer, NEEDS_NEWER, UPDATE } from '../newer-version.ts'
import { ANSWER_SUFFIX, type AnswerFile, openAnswerFile, PARTIAL_SUFFIX } from './answer-file.ts'
import {
  type AttemptRecord,
  type JournalAttempt,
  type OutcomeRecord,
  parseAttemptRecord,
  parseOutcomeRecord,
} from './journal-record.ts'

const ATTEMPT_SUFFIX = '.attempt.json'
const OUTCOME_SUFFIX = '.outcome.json'
const CLEARED_PREFIX = '.cleared-'

/** An attempt whose turn has not come: nothing of it counts yet. */
export interface PreparedAttempt {
  /**
   * Resolves when the record is durable; only then may the attempt be sent. Undefined when the key
   * was cleared meanwhile, as by whoever took the lease over and has committed it.
   */
  begin(): Promise<OpenAttempt | undefined>
  /** Takes back an attempt that was not begun. Does nothing after {@link begin}. */
  discard(): Promise<void>
}

/** An attempt that is about to be sent. */
export interface OpenAttempt {
  readonly name: string
  readonly record: AttemptRecord
  /** Begins to keep the raw answer. */
  keepAnswer(): Promise<AnswerFile>
}

/**
 * What was sent, and what became of it: `local/journal/<key>/<attempt>.*`. A record is on disk
 * before its attempt is sent and stays until the original is committed.
 */
export interface Journal {
  /** Oldest first. @throws StoreError */
  read(key: Key): Promise<readonly JournalAttempt[]>
  /** Keys with at least one record. @throws StoreError */
  keys(): Promise<readonly Key[]>
  /** Whether a purchase of the key was begun on this machine, even if nothing was sent. */
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

  async function read(key: Key): Promise<readonly JournalAttempt[]> {
    const names = new Set(await listFolder(folder(key)))
    const attempts = [...names]
      .filter(name => name.endsWith(ATTEMPT_SUFFIX))
      .map(name => name.slice(0, -ATTEMPT_SUFFIX.length))
      .sort()
    const found: JournalAttempt[] = []
    for (const name of attempts) {
      const path = (suffix: string): string => join(folder(key), `${name}${suffix}`)
      const record = await readRecord(path(ATTEMPT_SUFFIX), parseAttemptRecord)
      // Another process has committed this key and cleared its folder in the meantime.
      if (!record) continue
      const outcome = names.has(`${name}${OUTCOME_SUFFIX}`)
        ? await readRecord(path(OUTCOME_SUFFIX), parseOutcomeRecord)
        : undefined
      found.push({
        name,
        record,
        ...(outcome && { outcome }),
        ...(names.has(`${name}${ANSWER_SUFFIX}`) && { answer: path(ANSWER_SUFFIX) }),
        ...(names.has(`${name}${PARTIAL_SUFFIX}`) && { partialAnswer: path(PARTIAL_SUFFIX) }),
      })
    }
    return found
  }

  return {
    read,
    folder,
    async keys() {
      const names = (await listFolder(directory)).filter(isKey)
      const listed = await Promise.all(names.map(async key => ({ key, files: await read(key) })))
      return listed.filter(({ files }) => files.length > 0).map(({ key }) => key)
    },
    knows: async key => (await listFolder(directory)).includes(key),
    async prepare(attempt) {
      const record: AttemptRecord = { version: 1, ...attempt, time: clock.date().toISOString() }
      const directory = folder(record.key)
      // Unique, because a holder that lost its lease may still be writing the same attempt number.
      const number = String(record.attempt).padStart(4, '0')
      const name = `${number}-${randomUUID()}`
      const file = join(directory, `${name}${ATTEMPT_SUFFIX}`)
      await ensureDirectory(directory)
      const written = await writeAside(directory, record)
      let begun = false
      return {
        async begin() {
          begun = true
          try {
            await putInPlace(written, file)
          } catch (error) {
            if (systemCode(error) !== 'ENOENT') throw error
            return undefined
          }
          return { name, record, keepAnswer }
        },
        async discard() {
          if (!begun) await rm(written, { force: true })
        },
      }

      async function keepAnswer(): Promise<AnswerFile> {
        try {
          return await openAnswerFile(join(directory, name))
        } catch (error) {
          if (systemCode(error) !== 'ENOENT') throw error
          // While this process was suspended, whoever took the lease over has committed the key
          // and cleared its folder. What arrives now was paid for all the same.
          await ensureDirectory(directory)
          await writeRecord(file, record)
          return openAnswerFile(join(directory, name))
        }
      }
    },
    async settle(key, { name }, outcome) {
      const record: OutcomeRecord = { version: 1, ...outcome, time: clock.date().toISOString() }
      await writeRecord(join(folder(key), `${name}${OUTCOME_SUFFIX}`), record).catch(error => {
        // Committed and cleared by whoever took the lease over: nothing is open any more.
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

async function listFolder(directory: string): Promise<readonly string[]> {
  try {
    // For most images there is none; another thread would take ten times as long to find that.
    return readdirSync(directory)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw new StoreError(
      `The journal ${directory} cannot be read, so it is not known what was sent before. Make it readable for this user.`,
      { cause: error },
    )
  }
}

async function readRecord<T>(file: string, parse: (json: string) => T): Promise<T | undefined> {
  let json: string
  try {
    json = await readFile(file, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw new StoreError(
      `The journal record ${file} cannot be read, so it is not known what was sent before. Make it readable for this user.`,
      { cause: error },
    )
  }
  try {
    return parse(json)
  } catch (error) {
    if (isNewer(parseJson(json))) {
      throw new NewerVersionError(`The journal record ${file} ${NEEDS_NEWER}. ${UPDATE}`)
    }
    throw new StoreError(
      `The journal record ${file} is damaged, so it is not known whether its image was paid for. Look at what lies beside it; delete the folder to let the image be bought.`,
      { cause: error },
    )
  }
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

/** Whole or not there at all, and there for good once this resolves. */
async function writeRecord(file: string, record: AttemptRecord | OutcomeRecord): Promise<void> {
  await putInPlace(await writeAside(dirname(file), record), file)
}

/** Under a name that no reader looks at. */
async function writeAside(
  directory: string,
  record: AttemptRecord | OutcomeRecord,
): Promise<string> {
  const file = join(directory, `.${uniqueName()}`)
  await writeNew(file, Buffer.from(`${JSON.stringify(record, undefined, 2)}\n`))
  return file
}

async function putInPlace(written: string, file: string): Promise<void> {
  await rename(written, file)
  await syncDirectory(dirname(file))
}
