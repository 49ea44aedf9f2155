import type { ObjectStore } from '../originals/objects/object-store.ts'
import { systemCode } from '../system/system-error.ts'

/** One version of a state that processes share. */
export interface StateVersion {
  /** From 1 on. */
  readonly number: number
  readonly text: string
}

/**
 * A text that many processes replace: `<prefix>/<number>.json`, of which the highest number counts.
 * Nobody holds a lock that could outlive its process: a process replaces a version by adding the
 * next number, and of several that try, one succeeds.
 */
export interface StateFile {
  /** For messages. */
  readonly label: string
  /** Undefined when there is none yet. */
  newest(): Promise<StateVersion | undefined>
  /**
   * Adds a version. It counts only if {@link newest} gives it or one that was made of it: a
   * process that was suspended for long may add a number that others have passed.
   */
  add(version: StateVersion): Promise<void>
  /** Removes versions that were replaced. */
  tidy(newest: number): Promise<void>
}

export function createStateFile(objects: ObjectStore, prefix: string): StateFile {
  const folder = `${prefix}/`
  const nameOf = (number: number) => `${folder}${String(number).padStart(8, '0')}.json`

  async function numbers(): Promise<readonly number[]> {
    const found: number[] = []
    for await (const { name } of objects.list(folder)) {
      const number = Number(/\/(\d+)\.json$/.exec(name)?.[1])
      if (number > 0 && name === nameOf(number)) found.push(number)
    }
    return found
  }

  async function read(number: number): Promise<StateVersion | undefined> {
    const object = await objects.get(nameOf(number))
    if (!object) return undefined
    const pieces: Uint8Array[] = []
    try {
      for await (const piece of object.stream()) pieces.push(piece)
    } catch (error) {
      // Tidied away between finding and reading it.
      if (error instanceof Error && systemCode(error.cause) === 'ENOENT') return undefined
      throw error
    }
    return { number, text: Buffer.concat(pieces).toString() }
  }

  return {
    label: `${objects.label}/${prefix}`,
    async newest() {
      for (;;) {
        const found = await numbers()
        if (found.length === 0) return undefined
        const version = await read(Math.max(...found))
        if (version) return version
      }
    },
    async add({ number, text }) {
      await objects.putIfAbsent(nameOf(number), { bytes: Buffer.from(text) })
    },
    async tidy(newest) {
      // The predecessor stays: a folder that is listed while it changes may show neither of two.
      const old = (await numbers()).filter(number => number < newest - 1)
      for (const number of old) await objects.delete(nameOf(number))
    },
  }
}
