import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import * as v from 'valibot'
import { writeAtomically } from '../../../system/files/write-atomically.ts'
import { projectPath } from '../../../system/project-path.ts'
import { systemCode } from '../../../system/system-error.ts'

/** The oldest ones beyond these go. */
const MOST_CHANGES = 50
const MOST_BYTES = 16 * 1024 * 1024

export const TIME_DIGITS = 13

/** Milliseconds and a random part, so that names sort by time. */
const FILE_NAME = /^(\d{13}-[\da-f-]{36})\.json$/

const storedSchema = v.object({
  version: v.literal(1),
  id: v.string(),
  at: v.string(),
  /** Of the changed image. Its manifest is relative to the project root, and inside it. */
  image: v.object({
    manifest: v.pipe(v.string(), v.regex(/^(?!\/|[A-Za-z]:|(?:.*[\\/])?\.\.[\\/])/)),
    name: v.string(),
  }),
  label: v.string(),
  before: v.string(),
  after: v.string(),
  start: v.pipe(v.number(), v.integer(), v.minValue(0)),
  removed: v.string(),
  added: v.string(),
})

/** A change of a manifest that the page wrote, as a file of this machine keeps it. */
export type StoredChange = v.InferOutput<typeof storedSchema>

/** Changes on disk, a file each: servers on one cache share them, and none overwrites another's. */
export interface ChangeFiles {
  /** The latest first. What cannot be read stays where it is, and `problem` names it. */
  list(): Promise<{ readonly changes: readonly StoredChange[]; readonly problem?: string }>
  /** Milliseconds since 1970 that the name of the latest begins with; 0 when none can be found. */
  latest(): Promise<number>
  /** Drops the oldest ones beyond the bounds. @throws Error of the file system */
  add(change: StoredChange): Promise<void>
  remove(id: string): Promise<void>
}

interface ChangeFolder {
  /** Absolute path. */
  readonly folder: string
  readonly root: string
  /** Files never change, so each is read once. */
  readonly known: Map<string, StoredChange>
}

/** Absolute paths. */
export function createChangeFiles(root: string, cacheDir: string): ChangeFiles {
  const own: ChangeFolder = {
    folder: path.join(cacheDir, 'local', 'undo'),
    root,
    known: new Map(),
  }
  const fileOf = (id: string) => path.join(own.folder, `${id}.json`)
  return {
    list: () => list(own),
    async latest() {
      const [id = ''] = await listIds(own.folder).catch(() => [])
      return Number(id.slice(0, TIME_DIGITS))
    },
    async add(change) {
      const { folder } = own
      const isNew = (await mkdir(folder, { recursive: true })) !== undefined
      // Also where git does not know yet that a cache's local/ belongs to this machine.
      if (isNew) await writeAtomically(path.join(folder, '.gitignore'), '*\n')
      await writeAtomically(fileOf(change.id), `${JSON.stringify(change)}\n`)
      await dropOldest(own)
    },
    async remove(id) {
      own.known.delete(id)
      await rm(fileOf(id), { force: true })
    },
  }
}

async function list({ folder, root, known }: ChangeFolder): ReturnType<ChangeFiles['list']> {
  const ids = await listIds(folder).catch((error: Error) => error)
  if (ids instanceof Error) {
    return {
      changes: [],
      problem: `Earlier changes cannot be undone here: ${projectPath(root, folder)} cannot be read (${ids.message}). The manifests are as they were. Mend that folder, and reload the gallery.`,
    }
  }
  const unreadable: string[] = []
  const changes: StoredChange[] = []
  for (const id of ids) {
    const change = known.get(id) ?? (await readChange(path.join(folder, `${id}.json`)))
    if (change === 'gone') continue
    if (change === 'unreadable') unreadable.push(`${projectPath(root, folder)}/${id}.json`)
    else {
      known.set(id, change)
      changes.push(change)
    }
  }
  return { changes, ...(unreadable.length > 0 && { problem: explainUnreadable(unreadable) }) }
}

function explainUnreadable([first = '', ...others]: readonly string[]): string {
  const more = others.length > 0 ? ` and ${others.length} more` : ''
  return `${first}${more} cannot be read: damaged, or written by a newer version. What it describes cannot be undone here; all other changes can, and the manifests are as they were. Delete it when you do not need it.`
}

/** The latest first; none when there is no folder yet. */
async function listIds(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  })
  return names
    .flatMap(name => FILE_NAME.exec(name)?.[1] ?? [])
    .sort()
    .reverse()
}

async function readChange(file: string): Promise<StoredChange | 'gone' | 'unreadable'> {
  try {
    const parsed = v.safeParse(storedSchema, JSON.parse(await readFile(file, 'utf8')))
    return parsed.success ? parsed.output : 'unreadable'
  } catch (error) {
    // Another server undid it meanwhile.
    return systemCode(error) === 'ENOENT' ? 'gone' : 'unreadable'
  }
}

async function dropOldest({ folder, known }: ChangeFolder): Promise<void> {
  let bytes = 0
  for (const [index, id] of (await listIds(folder)).entries()) {
    const file = path.join(folder, `${id}.json`)
    bytes += await stat(file).then(
      ({ size }) => size,
      () => 0,
    )
    if (index < MOST_CHANGES && bytes <= MOST_BYTES) continue
    known.delete(id)
    await rm(file, { force: true })
  }
}
