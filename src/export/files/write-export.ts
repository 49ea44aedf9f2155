import { readdir, rm, rmdir } from 'node:fs/promises'
import path from 'node:path'
import pLimit from 'p-limit'
import type { Lease } from '../../originals/leases/leases.ts'
import type { ExportContent, ExportPlan } from '../plan/plan-export.ts'
import type { ExportReport } from '../target/export-options.ts'
import type { ExportTarget } from '../target/export-target.ts'
import { acquireExportLease, type ExportLeaseOptions } from './export-lease.ts'
import {
  createExportLists,
  type ExportList,
  type ExportLists,
  type ListedFile,
} from './export-list.ts'
import { findChanges, isPresent, isUntouched } from './find-changes.ts'
import { contentFingerprint } from './fingerprint.ts'
import { removeFile, replaceFile, temporaryPrefix } from './replace-file.ts'

export interface WriteExportOptions extends ExportLeaseOptions {
  readonly cacheDir: string
  /** Removes nothing: images are left out whose files are still needed. @default false */
  readonly isPartial?: boolean
}

/** Files under way at once. */
const CONCURRENCY = 8

/** What became of the files. */
export type WrittenExport = Pick<ExportReport, 'written' | 'unchanged' | 'removed' | 'left'>

/**
 * Brings the files of an export to what the plan says, so that at each moment, and after each sudden
 * end, no file names one that is missing: pictures come first, what names them next, and what is no
 * longer needed goes last. One process at a time does this for one place.
 * @throws ExportConflictError, StoreError
 */
export async function writeExport(
  plan: ExportPlan,
  target: ExportTarget,
  options: WriteExportOptions,
): Promise<WrittenExport> {
  const lists = createExportLists(options.cacheDir, target)
  const lease = await acquireExportLease(options.cacheDir, lists.id, options)
  try {
    const { isPartial = false } = options
    return await writeHeld({ plan, target, lists, lease, isPartial })
  } finally {
    await lease.release({ committed: true })
  }
}

interface Writing {
  readonly plan: ExportPlan
  readonly target: ExportTarget
  readonly lists: ExportLists
  readonly lease: Lease
  readonly isPartial: boolean
}

async function writeHeld(writing: Writing): Promise<WrittenExport> {
  const { plan, lists, lease, isPartial } = writing
  const { files } = plan
  const { root } = writing.target
  const [before, others] = await Promise.all([lists.own(), lists.others()])
  const written = await findChanges(files, root, [before, others])
  const other = [...before.keys()].filter(name => !files.has(name))
  const stale = isPartial ? [] : other
  // Whoever goes on after a sudden end has to know both what was there and what is to come.
  if (written.length > 0 || stale.length > 0) await lists.write(listDuring(before, files))
  await removeUnfinished(writing, [...files.keys(), ...before.keys()])
  await writeFiles(writing, written)
  lease.lost.throwIfAborted()
  const removal = await removeStale(
    writing,
    stale.filter(name => !others.has(name)),
    before,
  )
  const kept = isPartial ? other : removal.left.filter(isInUse).map(({ file }) => file)
  await lists.write(listAfter(files, before, kept))
  return { written, unchanged: files.size - written.length, ...removal }
}

/** First all pictures, then what names them. */
async function writeFiles(
  { plan, target, lists, lease }: Writing,
  names: readonly string[],
): Promise<void> {
  const limit = pLimit(CONCURRENCY)
  async function write(name: string, content: ExportContent): Promise<void> {
    lease.lost.throwIfAborted()
    await replaceFile(path.join(target.root, name), content, lists.id)
  }
  const contents = names.flatMap(name => {
    const content = plan.files.get(name)
    return content ? [{ name, content }] : []
  })
  const isPicture = ({ content }: (typeof contents)[number]) => content.kind === 'picture'
  const writingPictures = contents
    .filter(isPicture)
    .map(({ name, content }) => limit(() => write(name, content)))
  const failed = (await Promise.allSettled(writingPictures)).find(
    result => result.status === 'rejected',
  )
  if (failed) throw failed.reason
  for (const one of contents) if (!isPicture(one)) await write(one.name, one.content)
}

async function removeStale(
  { target: { root, folder }, lease }: Writing,
  names: readonly string[],
  before: ExportList,
): Promise<Pick<WrittenExport, 'removed' | 'left'>> {
  const removed: string[] = []
  const left: { file: string; reason: 'changed' | 'in use' }[] = []
  for (const name of names) {
    lease.lost.throwIfAborted()
    const file = path.join(root, name)
    const listed = before.get(name)
    if (!listed || !(await isPresent(file))) continue
    const outcome = (await isUntouched(name, listed, root)) ? await removeFile(file) : 'changed'
    if (outcome === 'removed') removed.push(name)
    else left.push({ file: name, reason: outcome })
  }
  for (const name of removed) await removeEmptyFolders(path.dirname(path.join(root, name)), folder)
  return { removed, left }
}

/** Up to the folder of the export, which stays. */
async function removeEmptyFolders(from: string, folder: string): Promise<void> {
  for (let at = from; at.startsWith(folder + path.sep); at = path.dirname(at)) {
    const isRemoved = await rmdir(at).then(
      () => true,
      () => false,
    )
    if (!isRemoved) return
  }
}

/** What an export that came to a sudden end has begun. */
async function removeUnfinished(
  { target: { root }, lists: { id, folder: ofLists } }: Writing,
  names: readonly string[],
): Promise<void> {
  const folders = names.map(name => path.dirname(path.join(root, name)))
  for (const folder of new Set([ofLists, ...folders])) {
    const found = await readdir(folder).catch(() => [])
    for (const name of found.filter(name => name.startsWith(temporaryPrefix(id)))) {
      await rm(path.join(folder, name), { force: true })
    }
  }
}

function listDuring(before: ExportList, files: ExportPlan['files']): ExportList {
  const list = new Map(before)
  for (const [name, content] of files) {
    const fingerprints = [...(before.get(name)?.fingerprints ?? []), contentFingerprint(content)]
    list.set(name, { kind: content.kind, fingerprints: [...new Set(fingerprints)] })
  }
  return list
}

/** It is tried again by the next export; one that somebody changed is theirs. */
function isInUse({ reason }: WrittenExport['left'][number]): boolean {
  return reason === 'in use'
}

/** @param kept files of earlier exports that this one still answers for */
function listAfter(
  files: ExportPlan['files'],
  before: ExportList,
  kept: readonly string[],
): ExportList {
  const list = new Map<string, ListedFile>()
  for (const [name, content] of files) {
    list.set(name, { kind: content.kind, fingerprints: [contentFingerprint(content)] })
  }
  for (const file of kept) {
    const listed = before.get(file)
    if (listed) list.set(file, listed)
  }
  return list
}
