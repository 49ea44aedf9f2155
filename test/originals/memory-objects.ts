import type { ObjectStore } from '../../src/originals/objects/object-store.ts'

/**
 * An object store that never waits for anything outside the process, for tests under a clock of
 * their own: every operation ends before the clock goes on.
 */
export function createMemoryObjects(): ObjectStore {
  const objects = new Map<string, { bytes: Uint8Array; modified: Date }>()
  return {
    label: 'memory',
    async get(name) {
      const found = objects.get(name)
      if (!found) return undefined
      const { bytes, modified } = found
      return {
        name,
        size: bytes.length,
        modified,
        async *stream() {
          yield bytes
        },
      }
    },
    async putIfAbsent(name, source) {
      if (objects.has(name)) return 'present'
      if (!('bytes' in source)) throw new Error('Files are not for this store.')
      objects.set(name, { bytes: source.bytes, modified: new Date() })
      return 'stored'
    },
    async *list(prefix) {
      for (const [name, { bytes, modified }] of [...objects]) {
        if (name.startsWith(prefix)) yield { name, size: bytes.length, modified }
      }
    },
    async delete(name) {
      objects.delete(name)
    },
  }
}
