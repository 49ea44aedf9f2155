/** What is read in one piece, in bytes, and what may wait unread before the sender is asked to wait. */
const BLOCK = 256 * 1024

/**
 * Bytes that one side puts in as they come and the other reads at its own pace. An error is told
 * only after every byte before it was read: a connection that breaks right behind a picture that
 * was paid for must not take the picture with it. A piece that was read is overwritten later.
 */
export interface Inbox extends AsyncIterable<Uint8Array> {
  /** Copies a chunk. Returns whether there is room for more. */
  put(chunk: Uint8Array): boolean
  /** Nothing more comes, because all came or because of an error. */
  end(error?: Error): void
}

/**
 * What a reader does for each piece costs more than joining chunks to large ones.
 * @param onRoom called when there is room again
 * @param onAbandoned called when the reader leaves before the end
 */
export function createInbox(onRoom: () => void, onAbandoned: () => void): Inbox {
  /** Full ones, waiting to be read. */
  const waiting: Buffer[] = []
  const free: Buffer[] = []
  let block: Buffer | undefined
  /** Bytes in the block that is being filled. */
  let length = 0
  let ended = false
  let failure: Error | undefined
  let wake: (() => void) | undefined

  function take(): Buffer | undefined {
    const full = waiting.shift()
    if (full || !block || length === 0) return full
    const piece = block.subarray(0, length)
    block = undefined
    length = 0
    return piece
  }

  async function* read(): AsyncGenerator<Uint8Array> {
    try {
      for (;;) {
        const piece = take()
        if (piece) {
          if (waiting.length === 0) onRoom()
          yield piece
          free.push(Buffer.from(piece.buffer))
        } else if (ended) break
        else {
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
      for (let at = 0; at < chunk.byteLength; ) {
        block ??= free.pop() ?? Buffer.allocUnsafeSlow(BLOCK)
        const part = chunk.subarray(at, at + BLOCK - length)
        block.set(part, length)
        length += part.byteLength
        at += part.byteLength
        if (length < BLOCK) continue
        waiting.push(block)
        block = undefined
        length = 0
      }
      wake?.()
      return waiting.length === 0
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
