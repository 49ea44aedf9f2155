import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { AnswerFacts } from '../../provider/provider.ts'
import { ensureDirectory } from '../../system/files/durable-file.ts'
import { systemCode } from '../../system/system-error.ts'
import { type AnswerFile, openAnswerFile } from './answer-file.ts'
import {
  ATTEMPT_SUFFIX,
  FACTS_SUFFIX,
  putInPlace,
  writeAside,
  writeJournalRecord,
} from './journal-files.ts'
import type { AttemptRecord } from './journal-record.ts'

/** An attempt that waits for its permit: nothing of it counts yet. */
export interface PreparedAttempt {
  /**
   * Resolves when the record is durable; only then may the attempt be sent. Undefined when the key
   * was cleared meanwhile, as by a process that took the lease over and committed it.
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
  /** Keeps durably what is known beside the answer, before that is complete. */
  keepFacts(facts: AnswerFacts): Promise<void>
}

/** Writes a record aside, so that little is left to do once the attempt may be sent. */
export async function prepareJournalRecord(
  directory: string,
  record: AttemptRecord,
): Promise<PreparedAttempt> {
  // Unique, because a holder that lost its lease may still be writing the same attempt number.
  const name = `${String(record.attempt).padStart(4, '0')}-${randomUUID()}`
  await ensureDirectory(directory)
  const written = await writeAside(directory, record)
  let begun = false
  return {
    async begin() {
      begun = true
      try {
        await putInPlace(written, join(directory, name + ATTEMPT_SUFFIX))
      } catch (error) {
        if (systemCode(error) !== 'ENOENT') throw error
        return undefined
      }
      return {
        name,
        record,
        keepAnswer: () => beginAnswer(directory, name, record),
        keepFacts: facts => writeJournalRecord(join(directory, name + FACTS_SUFFIX), facts),
      }
    },
    async discard() {
      if (!begun) await rm(written, { force: true })
    },
  }
}

async function beginAnswer(
  directory: string,
  name: string,
  record: AttemptRecord,
): Promise<AnswerFile> {
  try {
    return await openAnswerFile(join(directory, name))
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw error
    // While this process was suspended, another one took the lease over, committed the key and
    // cleared its folder. The answer that arrives now was billed all the same.
    await ensureDirectory(directory)
    await writeJournalRecord(join(directory, name + ATTEMPT_SUFFIX), record)
    return openAnswerFile(join(directory, name))
  }
}
