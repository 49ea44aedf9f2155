import { lstat, readFile, realpath } from 'node:fs/promises'
import path from 'node:path'
import pLimit from 'p-limit'
import { ExportConflictError } from '../../errors/export-conflict-error.ts'
import { ExportTargetError } from '../../errors/export-target-error.ts'
import { isInside } from '../../system/project-path.ts'
import { storeFault, systemCode } from '../../system/system-error.ts'
import type { ExportContent } from '../plan/plan-export.ts'
import { CATALOG_MARKER } from '../plan/render-catalog.ts'
import type { ExportList } from './export-list.ts'
import { fileFingerprint } from './fingerprint.ts'

/** Files that are read at once. */
const CONCURRENCY = 16

/** How many files a message names. */
const NAMED = 5

/**
 * Which files of an export are not there yet, or hold something else.
 * @param lists what exports wrote
 * @throws ExportConflictError when something else stands in the place of one
 */
export async function findChanges(
  files: ReadonlyMap<string, ExportContent>,
  root: string,
  lists: readonly ExportList[],
): Promise<readonly string[]> {
  await checkFolders([...files.keys()], root)
  const limit = pLimit(CONCURRENCY)
  const states = await Promise.all(
    [...files].map(([name, content]) =>
      limit(async () => ({ name, state: await compare(name, content, { root, lists }) })),
    ),
  )
  const foreign = states.flatMap(({ name, state }) => (state === 'of another' ? name : []))
  if (foreign.length > 0) throw inTheWay(foreign)
  return states.flatMap(({ name, state }) => (state === 'same' ? [] : name))
}

/** Whether a file that an export wrote still holds what that wrote. */
export async function isUntouched(
  name: string,
  { kind, fingerprints }: { kind: ExportContent['kind']; fingerprints: readonly string[] },
  root: string,
): Promise<boolean> {
  const file = path.join(root, name)
  if (!(await isFile(file)) || !(await leadsInside(path.dirname(file), root))) return false
  return fingerprints.includes(await fileFingerprint(file, kind))
}

/** Whether anything is there, links not followed. */
export async function isPresent(file: string): Promise<boolean> {
  return (await statOf(file)) !== undefined
}

async function compare(
  name: string,
  content: ExportContent,
  { root, lists }: { readonly root: string; readonly lists: readonly ExportList[] },
): Promise<'absent' | 'same' | 'of an export' | 'of another'> {
  const file = path.join(root, name)
  const found = await statOf(file)
  if (!found) return 'absent'
  if (!found.isFile()) return 'of another'
  if (await holds(file, content)) return 'same'
  const listed = lists.flatMap(list => list.get(name) ?? [])
  for (const facts of listed) if (await isUntouched(name, facts, root)) return 'of an export'
  const isModule = content.kind === 'module'
  const isMarked = isModule && (await readFile(file, 'utf8')).startsWith(CATALOG_MARKER)
  return isMarked ? 'of an export' : 'of another'
}

async function holds(file: string, content: ExportContent): Promise<boolean> {
  if (content.kind === 'picture') return (await fileFingerprint(file, 'picture')) === content.digest
  return (await readFile(file, 'utf8')).replaceAll('\r\n', '\n') === content.text
}

/** A link among the folders must not lead out of the project. */
async function checkFolders(names: readonly string[], root: string): Promise<void> {
  for (const folder of new Set(names.map(name => path.dirname(name)))) {
    if (await leadsInside(path.join(root, folder), root)) continue
    throw new ExportTargetError(
      `${folder} is a link that leads out of the project. Choose a folder inside.`,
    )
  }
}

/** Also of a folder that is not there. */
async function leadsInside(folder: string, root: string): Promise<boolean> {
  const real = await realpath(folder).catch(() => undefined)
  const realRoot = await realpath(root)
  return real === undefined || real === realRoot || isInside(realRoot, real)
}

async function isFile(file: string): Promise<boolean> {
  return (await statOf(file))?.isFile() ?? false
}

async function statOf(file: string) {
  return lstat(file).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return undefined
    throw storeFault(`${file} can't be read`, error)
  })
}

function inTheWay(names: readonly string[]): ExportConflictError {
  const shown = names.slice(0, NAMED).join(', ')
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : ''
  const [are, them] = names.length === 1 ? ['is', 'it'] : ['are', 'them']
  return new ExportConflictError(
    `${shown}${more} ${are} there already, and no export wrote ${them} like that. Nothing was exported. Move ${them} away, or export into another folder.`,
  )
}
