/** How many unread bytes make the sender wait, and about how many are read in one piece. */
const ROOM = 256 * 1024

/**
 * Bytes that one side puts in as they come and the other reads at its own pace. The reader learns
 * of an error only after it has read every byte before it: a connection that breaks right behind a
 * billed picture must not take the picture with it.
 */
export interface Inbox extends AsyncIterable<Uint8Array> {
  /** Keeps a chunk until it is read. Returns whether there is room for more. */
  put(chunk: Uint8Array): boolean
  /** Nothing more comes, because all came or because of an error. */
  end(error?: Error): void
}

/**
 * @param onRoom called when there is room again
 * @param onAbandoned called when the reader leaves before the end
 */
export function createInbox(onRoom: () => void, onAbandoned: () => void): Inbox {
  const waiting: Uint8Array[] = []
  let unread = 0
  let ended = false
  let failure: Error | undefined
  let wake: (() => void) | undefined

  /** Joins small chunks: what a reader does for each piece costs more than the copy. */
  function take(): Uint8Array {
    let length = 0
    let count = 0
    while (length < ROOM && count < waiting.length) length += waiting[count++]?.byteLength ?? 0
    const chunks = waiting.splice(0, count)
    unread -= length
    return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, length)
  }

  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      while (unread > 0 || !ended) {
        if (unread > 0) {
          const piece = take()
          if (unread < ROOM) onRoom()
          yield piece
        } else {
          await new Promise<void>(resolve => {
            wake = resolve
          })
        }
      }
      if (failure) throw failure
    } finally {
      if (!ended) onAbandoned()
    }
  }

  return {
    put(chunk) {
      waiting.push(chunk)
      unread += chunk.byteLength
      wake?.()
      return unread < ROOM
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
