/**
 * Where answers that come at once are read one after the other: the first ones are done early, and
 * their permits free for the next requests, instead of all of them late.
 */
export interface AnswerQueue {
  /** Passes an answer's chunks on, each as soon as no earlier answer has one to be read. */
  join(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>
}

interface Waiter {
  /** Of its answer, in the order in which they began. */
  readonly number: number
  readonly admit: () => void
}

interface QueueState {
  /** The earliest answer first. */
  readonly waiters: Waiter[]
  reading: boolean
}

export function createAnswerQueue(): AnswerQueue {
  const state: QueueState = { waiters: [], reading: false }
  let answers = 0
  return {
    async *join(chunks) {
      const number = answers++
      for await (const chunk of chunks) {
        await enter(state, number)
        try {
          yield chunk
        } finally {
          leave(state)
        }
      }
    },
  }
}

function enter(state: QueueState, number: number): Promise<void> | undefined {
  const { waiters } = state
  const behind = waiters.findIndex(waiter => waiter.number > number)
  if (!state.reading && (behind === 0 || waiters.length === 0)) {
    state.reading = true
    return undefined
  }
  return new Promise(admit => {
    waiters.splice(behind === -1 ? waiters.length : behind, 0, { number, admit })
  })
}

function leave(state: QueueState): void {
  state.reading = false
  // An answer that was just read comes first when its next chunk is there already.
  setImmediate(admitNext, state)
}

function admitNext(state: QueueState): void {
  if (state.reading) return
  const next = state.waiters.shift()
  if (!next) return
  state.reading = true
  next.admit()
}
