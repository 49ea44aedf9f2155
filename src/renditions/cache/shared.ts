import pLimit from 'p-limit'

/** Gives `work` the value of `key`. Calls `make` when nobody uses that value. */
export type Share<Value> = <Result>(
  key: string,
  make: () => Promise<Value>,
  work: (value: Value) => Promise<Result>,
) => Promise<Result>

/**
 * Shares values that are too large to keep: the first user makes one, others share it meanwhile, and
 * the last one drops it. At most `limit` values exist at a time.
 */
export function createShared<Value>(limit: number): Share<Value> {
  const slots = pLimit(limit)
  const open = new Map<string, { users: number; value: Promise<Value>; close: () => void }>()

  function begin(make: () => Promise<Value>) {
    let close = () => {}
    const closed = new Promise<void>(resolve => {
      close = resolve
    })
    const value = new Promise<Value>((resolve, reject) => {
      void slots(() => {
        make().then(resolve, reject)
        return closed
      })
    })
    return { users: 0, value, close: () => close() }
  }

  return async (key, make, work) => {
    const entry = open.get(key) ?? begin(make)
    open.set(key, entry)
    entry.users += 1
    try {
      return await work(await entry.value)
    } finally {
      entry.users -= 1
      if (entry.users === 0) {
        open.delete(key)
        entry.close()
      }
    }
  }
}
