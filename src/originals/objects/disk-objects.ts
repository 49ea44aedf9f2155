import { createReadStream, readFileSync, type Stats } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { StoreError } from '../../errors/store-error.ts'
import {
  type Durability,
  ensureDirectory,
  syncDirectory,
  uniqueName,
  writeNew,
} from '../../system/files/durable-file.ts'
import { storeFault, systemCode } from '../../system/system-error.ts'
import { isObjectName, listObjects, sweepFolder, sweepStages } from './disk-folders.ts'
import type { ObjectSource, ObjectStore, StoredObject } from './object-store.ts'
import {
  locatePublished,
  type PublishedFile,
  publishFile,
  removePublished,
} from './published-file.ts'

/** How often a write is tried whose folder somebody removes meanwhile. */
const ROUNDS = 10

/** An object on this machine. */
export interface DiskObject extends StoredObject {
  /** Absolute path of the bytes. */
  readonly path: string
  readonly stats: Stats
}

export interface DiskObjects extends ObjectStore {
  get(name: string): Promise<DiskObject | undefined>
  /** Absolute path under which an object is committed; {@link DiskObject.path} is where its bytes are. */
  path(name: string): string
  /** A new path in the temporary folder, on the file system of the objects. */
  temporaryFile(): Promise<string>
  /** Removes a temporary file; one that can't be removed now is swept later. */
  discard(file: string): Promise<void>
  /**
   * Removes what writers that died have left, once it is older than `age`.
   * @param age milliseconds
   */
  sweep(age: number): Promise<void>
}

export interface DiskObjectsOptions extends Durability {
  /** For messages. @default `dir` */
  readonly label?: string
  /** Absolute path of the folder for unfinished files. @default `<dir>/local/tmp` */
  readonly temporary?: string
}

/** Named, immutable objects as files below a folder, which is created by the first write. */
export function createDiskObjects(dir: string, options: DiskObjectsOptions = {}): DiskObjects {
  const root = resolve(dir)
  const label = options.label ?? dir
  const temporary = options.temporary ?? join(root, 'local', 'tmp')
  const { synced = true } = options
  const prepared = new Map<string, Promise<void>>()

  function path(name: string): string {
    if (name.length > 500 || !isObjectName(name)) {
      throw new StoreError(
        `${label} can't hold an object named ${JSON.stringify(name)}: names are lower-case letters, digits, dots, dashes and slashes.`,
      )
    }
    return join(root, ...name.split('/'))
  }

  /**
   * Creates a folder once. Folders that are there already are synced into their parents as well:
   * the process that created them may have died before it did.
   */
  function prepare(directory: string): Promise<void> {
    const known = prepared.get(directory)
    if (known) return known
    const preparing = (async () => {
      if (directory !== root && directory.startsWith(root)) await prepare(dirname(directory))
      // Others keep what must last below the same root.
      const created = await ensureDirectory(directory, { synced: synced || directory === root })
      if (synced && !created && directory !== root) await syncDirectory(dirname(directory))
    })()
    prepared.set(directory, preparing)
    preparing.catch(() => prepared.delete(directory))
    return preparing
  }

  async function temporaryFile(): Promise<string> {
    try {
      await prepare(temporary)
    } catch (error) {
      throw storeFault(`${temporary} can't be created`, error)
    }
    return join(temporary, uniqueName())
  }

  async function put(target: string, source: ObjectSource): Promise<'stored' | 'present'> {
    await prepare(dirname(target))
    if ('file' in source) {
      const { size } = await stat(source.file)
      if (size === source.size) return publishFile(source.file, target, { synced })
      throw new StoreError(
        `${source.file} has ${size} bytes, but ${source.size} were written. It is not stored.`,
      )
    }
    const file = await temporaryFile()
    await writeNew(file, source.bytes, { synced })
    try {
      return await publishFile(file, target, { synced })
    } finally {
      await discardTemporary(file)
    }
  }

  return {
    label,
    path,
    temporaryFile,
    discard: discardTemporary,

    async get(name) {
      const target = path(name)
      try {
        const found = locatePublished(target)
        return found && describe(name, found)
      } catch (error) {
        throw storeFault(`${target} can't be read`, error)
      }
    },

    async putIfAbsent(name, source) {
      const target = path(name)
      for (let round = 1; ; round += 1) {
        try {
          return await put(target, source)
        } catch (error) {
          if (systemCode(error) !== 'ENOENT' || round === ROUNDS) {
            throw storeFault(`${target} can't be written`, error)
          }
          // Folders that were made before are gone, as after `git clean`, or were empty and cleared.
          prepared.clear()
        }
      }
    },

    async *list(prefix) {
      const cut = prefix.lastIndexOf('/')
      const folder = cut < 0 ? '' : prefix.slice(0, cut)
      if (folder) path(folder)
      yield* listObjects(root, folder, prefix)
    },

    async delete(name) {
      const target = path(name)
      try {
        const removed = await removePublished(target)
        if (removed && synced) await syncDirectory(dirname(target))
      } catch (error) {
        throw storeFault(`${target} can't be deleted`, error)
      }
    },

    async sweep(age) {
      const before = Date.now() - age
      try {
        await sweepFolder(temporary, before)
        await sweepStages(root, before)
      } catch (error) {
        throw storeFault(`Old temporary files in ${label} can't be removed`, error)
      }
    },
  }
}

/** Bytes. Smaller files, such as entries, are read in one go, for the same reason. */
const SMALL = 64 * 1024

function describe(name: string, { path, stats }: PublishedFile): DiskObject {
  return {
    name,
    path,
    stats,
    size: stats.size,
    modified: stats.mtime,
    async *stream() {
      try {
        if (stats.size <= SMALL) yield readFileSync(path)
        else for await (const chunk of createReadStream(path)) yield chunk
      } catch (error) {
        throw storeFault(`${path} can't be read`, error)
      }
    },
  }
}

async function discardTemporary(file: string): Promise<void> {
  // Its content is safe under its final name or of no use: failing here must not hide that.
  await rm(file, { force: true }).catch(() => undefined)
}
