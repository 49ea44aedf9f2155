import { readdirSync } from 'node:fs'
import { readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { NewerVersionError, StoreError } from '../../errors/index.ts'
import type { AnswerFacts } from '../../provider/provider.ts'
import { syncDirectory, uniqueName, writeNew } from '../../system/files/durable-file.ts'
import { systemCode } from '../../system/system-error.ts'
import { isNewer, NEEDS_NEWER, UPDATE } from '../newer-version.ts'
import type { AttemptRecord, OutcomeRecord } from './journal-record.ts'

export const ATTEMPT_SUFFIX = '.attempt.json'
export const OUTCOME_SUFFIX = '.outcome.json'
export const FACTS_SUFFIX = '.facts.json'

/** What the journal holds as JSON. */
export type JournalJson = AttemptRecord | OutcomeRecord | AnswerFacts

/** Names of a folder; none when there is no such folder. @throws StoreError */
export async function listFolder(directory: string): Promise<readonly string[]> {
  try {
    // For most images there is none; another thread would take ten times as long to find that.
    return readdirSync(directory)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw new StoreError(
      `The journal ${directory} cannot be read, so earlier requests are unknown. Make it readable for this user.`,
      { cause: error },
    )
  }
}

/** Undefined when there is no such record. @throws StoreError */
export async function readJournalRecord<T>(
  file: string,
  parse: (json: string) => T,
): Promise<T | undefined> {
  let json: string
  try {
    json = await readFile(file, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw new StoreError(
      `The journal record ${file} cannot be read, so earlier requests are unknown. Make it readable for this user.`,
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
      `The journal record ${file} is damaged, so it is unknown whether its image was requested. Check the files beside it. Delete the folder to allow a new request.`,
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
export async function writeJournalRecord(file: string, record: JournalJson): Promise<void> {
  await putInPlace(await writeAside(dirname(file), record), file)
}

/** Under a name that readers ignore. */
export async function writeAside(directory: string, record: JournalJson): Promise<string> {
  const file = join(directory, `.${uniqueName()}`)
  await writeNew(file, Buffer.from(`${JSON.stringify(record, undefined, 2)}\n`))
  return file
}

export async function putInPlace(written: string, file: string): Promise<void> {
  await rename(written, file)
  await syncDirectory(dirname(file))
}
