export interface Lazy<Value> {
  (): Promise<Value>
  /** What the last call got, unless it failed; calls nothing. */
  begun(): Promise<Value> | undefined
}

/** Runs `work` at the first call and shares its result; after a failure the next call runs it again. */
export function createLazy<Value>(work: () => Promise<Value>): Lazy<Value> {
  let running: Promise<Value> | undefined
  function run(): Promise<Value> {
    if (running) return running
    const begun = work()
    running = begun
    begun.catch(() => {
      running = undefined
    })
    return begun
  }
  return Object.assign(run, { begun: () => running })
}
