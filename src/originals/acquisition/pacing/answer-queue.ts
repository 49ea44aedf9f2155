/**
 * Where answers that come at once are read one after the other, so that the first ones are done
 * early, and their places free for the next requests, instead of all of them late.
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

export function createAnswerQueue(): AnswerQueue {
  /** The earliest answer first. */
  const waiters: Waiter[] = []
  let answers = 0
  let reading = false

  function enter(number: number): Promise<void> | undefined {
    const behind = waiters.findIndex(waiter => waiter.number > number)
    if (!reading && (behind === 0 || waiters.length === 0)) {
      reading = true
      return undefined
    }
    return new Promise(admit => {
      waiters.splice(behind === -1 ? waiters.length : behind, 0, { number, admit })
    })
  }

  function leave(): void {
    reading = false
    // Whoever has just read a chunk comes first when the next one is there already.
    setImmediate(admitNext)
  }

  function admitNext(): void {
    if (reading) return
    const next = waiters.shift()
    if (!next) return
    reading = true
    next.admit()
  }

  return {
    async *join(chunks) {
      const number = answers++
      for await (const chunk of chunks) {
        await enter(number)
        try {
          yield chunk
        } finally {
          leave()
        }
      }
    },
  }
}
