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

interface InboxState {
  readonly waiting: Uint8Array[]
  /** Bytes that wait. */
  unread: number
  ended: boolean
  failure: Error | undefined
  /** Continues a reader that waits. */
  wake: (() => void) | undefined
}

/**
 * @param onRoom called when there is room again
 * @param onAbandoned called when the reader leaves before the end
 */
export function createInbox(onRoom: () => void, onAbandoned: () => void): Inbox {
  const state: InboxState = {
    waiting: [],
    unread: 0,
    ended: false,
    failure: undefined,
    wake: undefined,
  }
  return {
    put(chunk) {
      state.waiting.push(chunk)
      state.unread += chunk.byteLength
      state.wake?.()
      return state.unread < ROOM
    },
    end(error) {
      if (state.ended) return
      state.ended = true
      state.failure = error
      state.wake?.()
    },
    async *[Symbol.asyncIterator]() {
      try {
        yield* read(state, onRoom)
      } finally {
        if (!state.ended) onAbandoned()
      }
    },
  }
}

async function* read(state: InboxState, onRoom: () => void): AsyncGenerator<Uint8Array> {
  while (state.unread > 0 || !state.ended) {
    if (state.unread > 0) {
      const piece = take(state)
      if (state.unread < ROOM) onRoom()
      yield piece
    } else {
      await new Promise<void>(resolve => {
        state.wake = resolve
      })
    }
  }
  if (state.failure) throw state.failure
}

/** Joins small chunks: what a reader does for each piece costs more than the copy. */
function take(state: InboxState): Uint8Array {
  const { waiting } = state
  let length = 0
  let count = 0
  while (length < ROOM && count < waiting.length) length += waiting[count++]?.byteLength ?? 0
  const chunks = waiting.splice(0, count)
  state.unread -= length
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, length)
}
