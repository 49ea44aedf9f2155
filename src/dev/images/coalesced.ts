/**
 * Runs work one at a time. Calls during a run share one further run, which sees everything that
 * changed before it began.
 */
export function createCoalesced(work: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let queued: Promise<void> | undefined

  function begin(): Promise<void> {
    const begun = work().finally(() => {
      if (running === begun) running = undefined
    })
    running = begun
    return begun
  }

  return () => {
    if (queued) return queued
    if (!running) return begin()
    queued = running
      .catch(() => {}) // its own callers are told
      .then(() => {
        queued = undefined
        return begin()
      })
    return queued
  }
}
