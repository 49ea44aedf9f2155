import type { PipelineEvent } from './events.ts'

/** Where a pipeline's parts say what happens, and its faces listen. */
export interface EventHub {
  emit(event: PipelineEvent): void
  /** Returns the function that ends the subscription. */
  on(listener: (event: PipelineEvent) => void): () => void
}

export function createEventHub(): EventHub {
  const listeners = new Set<(event: PipelineEvent) => void>()
  return {
    emit(event) {
      for (const listener of listeners) listener(event)
    },
    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
