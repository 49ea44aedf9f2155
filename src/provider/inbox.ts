/** What has come and was not read yet, in bytes, before the sender is asked to wait. */
const ROOM = 256 * 1024

/**
 * Bytes that one side puts in as they come and the other reads at its own pace. An error is told
 * only after every byte before it was read: a connection that breaks right behind a picture that
 * was paid for must not take the picture with it.
 */
export interface Inbox extends AsyncIterable<Uint8Array> {
  /** Returns whether there is room for more. */
  put(chunk: Uint8Array): boolean
  /** Nothing more comes, because all came or because of an error. */
  end(error?: Error): void
}

/**
 * @param onRoom called when there is room again
 * @param onAbandoned called when the reader leaves before the end
 */
export function createInbox(onRoom: () => void, onAbandoned: () => void): Inbox {
  let chunks: Uint8Array[] = []
  let waiting = 0
  let ended = false
  let failure: Error | undefined
  let wake: (() => void) | undefined

  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const taken = chunks
        chunks = []
        waiting = 0
        if (taken.length > 0) onRoom()
        yield* taken
        if (chunks.length > 0) continue
        if (ended) break
        await new Promise<void>(resolve => {
          wake = resolve
        })
      }
      if (failure) throw failure
    } finally {
      if (!ended) onAbandoned()
    }
  }

  return {
    put(chunk) {
      chunks.push(chunk)
      waiting += chunk.byteLength
      wake?.()
      return waiting < ROOM
    },
    end(error) {
      if (ended) return
      ended = true
      failure = error
      wake?.()
    },
    [Symbol.asyncIterator]: read,
  }
}
