/** What has come and was not read yet, in bytes, before the sender is asked to wait. */
const ROOM = 256 * 1024

/** Of a piece that is read, in bytes: all that there is room for, and what was on its way. */
const LONGEST_PIECE = ROOM + 64 * 1024

/**
 * Bytes that one side puts in as they come and the other reads at its own pace. An error is told
 * only after every byte before it was read: a connection that breaks right behind a picture that
 * was paid for must not take the picture with it. A piece that was read is overwritten by the next.
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
  /** One for all joined pieces: answers are many megabytes that would have to be collected. */
  let piece: Buffer | undefined
  let ended = false
  let failure: Error | undefined
  let wake: (() => void) | undefined

  /** What a reader does for each piece costs more than joining them. */
  function* join(taken: readonly Uint8Array[]): Generator<Uint8Array> {
    const [only, ...more] = taken
    if (only && more.length === 0) {
      yield only
      return
    }
    piece ??= Buffer.allocUnsafeSlow(LONGEST_PIECE)
    let length = 0
    for (const chunk of taken) {
      if (length > 0 && length + chunk.byteLength > piece.byteLength) {
        yield piece.subarray(0, length)
        length = 0
      }
      if (chunk.byteLength > piece.byteLength) {
        yield chunk
        continue
      }
      piece.set(chunk, length)
      length += chunk.byteLength
    }
    if (length > 0) yield piece.subarray(0, length)
  }

  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const taken = chunks
        chunks = []
        waiting = 0
        if (taken.length > 0) {
          onRoom()
          yield* join(taken)
        }
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
