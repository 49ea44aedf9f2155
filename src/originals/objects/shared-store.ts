import { createLazy } from '../../system/lazy.ts'
import type { ObjectStore } from './object-store.ts'
import { SharedStoreError } from './shared-store-error.ts'

/** The store that machines share, and how this one may use it. */
export interface SharedStore {
  readonly label: string
  readonly objects: ObjectStore
  readonly access: 'read-write' | 'read-only'
  /** False once a store that need not be there could not be used. It stays so. */
  readonly available: boolean
  /**
   * Does work with the store. Where the store need not be there and can't be used, warns once and
   * gives undefined, now and from then on.
   * @throws SharedStoreError when the store is required and can't be used
   */
  attempt<T>(work: () => Promise<T>): Promise<T | undefined>
}

export interface SharedStoreOptions {
  readonly objects: ObjectStore
  /**
   * `read-only` never writes, never leases, and waits for nobody.
   * @default 'read-write'
   */
  readonly access?: 'read-write' | 'read-only'
  /** @default true */
  readonly required?: boolean
  /** Takes full sentences. */
  readonly onWarning?: (message: string) => void
}

export function createSharedStore({
  objects,
  access = 'read-write',
  required = true,
  onWarning = () => undefined,
}: SharedStoreOptions): SharedStore {
  let available = true
  return {
    label: objects.label,
    objects,
    access,
    get available() {
      return available
    },
    async attempt(work) {
      if (!available) return undefined
      try {
        return await work()
      } catch (error) {
        if (required || !(error instanceof SharedStoreError)) throw error
        if (available) onWarning(giveUp(objects.label, error))
        available = false
        return undefined
      }
    },
  }
}

function giveUp(label: string, { message }: SharedStoreError): string {
  return `${message} \`store.required\` is false, so this run uses only the cache directory, without ${label}. It may generate images that others already have, and does not share new ones. Share them later with \`imagegen push\`.`
}

/** A store that is opened when it is used for the first time; again when that failed. */
export function deferObjects(label: string, open: () => Promise<ObjectStore>): ObjectStore {
  const use = createLazy(open)
  return {
    label,
    get: async name => (await use()).get(name),
    putIfAbsent: async (name, source) => (await use()).putIfAbsent(name, source),
    async *list(prefix) {
      yield* (await use()).list(prefix)
    },
    delete: async name => (await use()).delete(name),
  }
}
