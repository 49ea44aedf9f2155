import { createReadStream } from 'node:fs'
import { copyFile, rm, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { ImageId } from '../../manifest/image-id.ts'
import type { Key } from '../../plan/image-request.ts'
import { syncFile } from '../../system/files/durable-file.ts'
import type { AcquisitionDeps } from '../acquisition/acquisition.ts'
import {
  commitPicture,
  pictureWarnings,
  proveDecoded,
} from '../acquisition/answer/commit-picture.ts'
import type { DecodedPicture } from '../acquisition/answer/decode-picture.ts'
import { withKeptFacts } from '../acquisition/answer/kept-facts.ts'
import { receiveAnswer } from '../acquisition/answer/receive-answer.ts'
import { ANSWER_SUFFIX, PARTIAL_SUFFIX } from '../journal/answer-file.ts'
import type { AttemptRecord, JournalAttempt } from '../journal/journal-record.ts'
import type { Leases } from '../leases/leases.ts'
import type { Quarantined } from '../original.ts'
import { digestFile } from '../store/verification/digest-file.ts'
import { leaseIfFree } from './recover-all.ts'

/** What an answer in quarantine turns out to be now. */
export interface RecheckedAnswer {
  readonly key: Key
  /** Who asked for it, by the name that it had then. */
  readonly image: ImageId
  readonly requestId: string
  /**
   * `recovered`: an original now. `usable`: it would be, were anything written. `unusable`: still no
   * picture. `busy`: another process is at its key.
   */
  readonly verdict: 'recovered' | 'usable' | 'unusable' | 'busy'
  /** Why it is unusable, as sentences. */
  readonly problem?: string
  /** Absolute paths in quarantine. */
  readonly files: readonly string[]
}

export interface RecheckedQuarantine {
  /** One for each key without an original. */
  readonly answers: readonly RecheckedAnswer[]
  /** Files of no attempt that the journal knows: nobody can tell which image they belong to. */
  readonly unknown: readonly Quarantined[]
}

export interface RecheckOptions {
  /** Judges only, and keeps nothing. @default false */
  readonly dryRun?: boolean
  /** @default all of them */
  readonly selects?: (attempt: Pick<AttemptRecord, 'key' | 'image'>) => boolean
  readonly signal?: AbortSignal
}

export interface RecheckDeps
  extends Pick<AcquisitionDeps, 'store' | 'journal' | 'prove' | 'clock' | 'createReader'> {
  readonly leases: Leases
  /** Takes full sentences. */
  readonly warn: (message: string) => void
}

/** An attempt, and its files in quarantine: a picture before the raw answer. */
interface Candidate {
  readonly attempt: JournalAttempt
  readonly files: readonly string[]
}

/**
 * Reads again the answers that earlier runs took for no picture, as after a limit was raised or the
 * decoder learned a format. An answer that is a picture now becomes the original of its key and
 * leaves quarantine; all else stays as it is. Nothing is sent to the API.
 * @throws StoreError
 */
export async function recheckQuarantine(
  deps: RecheckDeps,
  options: RecheckOptions = {},
): Promise<RecheckedQuarantine> {
  const { store, journal } = deps
  const files = new Map((await store.quarantined()).map(file => [basename(file.path), file]))
  const unknown = new Map(files)
  const answers: RecheckedAnswer[] = []
  for (const key of await journal.keys()) {
    options.signal?.throwIfAborted()
    const candidates = findCandidates(await journal.read(key), [...files.keys()])
    for (const name of candidates.flatMap(candidate => candidate.files)) unknown.delete(name)
    const [newest] = candidates
    if (!newest || !(options.selects?.(newest.attempt.record) ?? true)) continue
    const located = candidates.map(({ attempt, files: names }) => ({
      attempt,
      files: names.flatMap(name => files.get(name)?.path ?? []),
    }))
    const rechecked = await recheckKey(key, located, deps, options)
    if (rechecked) answers.push(rechecked)
  }
  return { answers, unknown: [...unknown.values()] }
}

/**
 * The newest first. Files are found by their names: the folder may have been moved since the journal
 * noted their paths, or a crash came before it did.
 */
function findCandidates(
  attempts: readonly JournalAttempt[],
  names: readonly string[],
): readonly Candidate[] {
  return attempts
    .map(attempt => {
      const noted = new Set(attempt.outcome?.quarantined.map(path => basename(path)))
      const isOwn = (name: string) =>
        noted.has(name) || (isAnswer(name) && name.includes(`-${attempt.name}.`))
      const own = names.filter(isOwn)
      const files = [...own.filter(name => !isAnswer(name)), ...own.filter(isAnswer)]
      return { attempt, files, isCandidate: noted.size > 0 || files.length > 0 }
    })
    .filter(({ isCandidate }) => isCandidate)
    .reverse()
}

/** Undefined when the key has an original, or an entry that nothing can be committed beside. */
async function recheckKey(
  key: Key,
  candidates: readonly Candidate[],
  deps: RecheckDeps,
  options: RecheckOptions,
): Promise<RecheckedAnswer | undefined> {
  const isOpen = async () => ['missing', 'unusable'].includes((await deps.store.status(key)).state)
  if (!(await isOpen())) return undefined
  const describe = (verdict: RecheckedAnswer['verdict'], { attempt, files }: Candidate) => {
    const { image, requestId } = attempt.record
    return { key, image, requestId, verdict, files }
  }
  const lease = await leaseIfFree(key, deps.leases)
  let committed = false
  try {
    let unusable: RecheckedAnswer | undefined
    for (const candidate of candidates) {
      if (!lease) return describe('busy', candidate)
      if (!(await isOpen())) return undefined
      const problem = await recheckCandidate(candidate, deps, options)
      if (problem === undefined) {
        committed = !options.dryRun
        return describe(committed ? 'recovered' : 'usable', candidate)
      }
      unusable ??= { ...describe('unusable', candidate), problem }
    }
    return unusable
  } finally {
    await lease?.release({ committed })
  }
}

/** Gives the problem; undefined for a picture, which is kept unless this is a dry run. */
async function recheckCandidate(
  candidate: Candidate,
  deps: RecheckDeps,
  { dryRun = false, signal }: RecheckOptions,
): Promise<string | undefined> {
  const { attempt, files } = candidate
  const { store, journal } = deps
  const picture = await decode(candidate, deps)
  if (typeof picture === 'string') return picture
  try {
    const proof = await proveDecoded(picture, file => deps.prove(file, signal))
    if ('problem' in proof) return proof.problem
    if (dryRun) return undefined
    await store.trust(picture.file, picture.digest)
    const { first } = await commitPicture(attempt, picture, proof, deps)
    for (const warning of pictureWarnings(attempt, picture, proof)) deps.warn(warning)
    await journal.clear(attempt.record.key)
    // Another picture came first: this one is nowhere else.
    if (first) for (const file of files) await store.discardQuarantined(file)
    return undefined
  } finally {
    await rm(picture.file, { force: true })
  }
}

function isAnswer(file: string): boolean {
  return file.endsWith(ANSWER_SUFFIX) || file.endsWith(PARTIAL_SUFFIX)
}

/** The picture in a temporary file, or why there is none. */
async function decode(
  { attempt, files }: Candidate,
  { store, createReader }: RecheckDeps,
): Promise<DecodedPicture | string> {
  const answer = files.find(isAnswer)
  const downloaded = files.find(file => !isAnswer(file))
  const file = await store.temporaryFile()
  const read =
    answer === undefined
      ? undefined
      : await receiveAnswer({
          chunks: createReadStream(answer),
          reader: await createReader(attempt.record),
          file,
        })
  if (read?.sourceError !== undefined) throw read.sourceError
  if (read?.picture) return withKeptFacts(read.picture, attempt)
  await rm(file, { force: true })
  // The answer gave an address, and this file came from there.
  if (downloaded !== undefined) {
    await copyFile(downloaded, file)
    await syncFile(file)
    const facts = read?.link?.facts ?? {}
    return {
      file,
      facts,
      isDelimited: true,
      digest: await digestFile(file),
      size: (await stat(file)).size,
    }
  }
  if (read?.link) return 'The answer holds only the URL of a picture, and the picture is not there.'
  if (read?.decodeError instanceof Error) return read.decodeError.message
  const { problem = 'Nothing is known about the answer.' } = attempt.outcome ?? {}
  return `${problem} The answer is no longer in quarantine.`
}
