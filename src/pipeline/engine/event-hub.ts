import type { PipelineEvent } from '../events.ts'

type Listener = (event: PipelineEvent) => void

/** Where a pipeline's parts say what happens, and its faces listen. */
export interface EventHub {
  emit(event: PipelineEvent): void
  /** For the next listener: nobody can listen before the pipeline is open. */
  emitToNext(event: PipelineEvent): void
  /** Returns the function that ends the subscription. */
  on(listener: Listener): () => void
}

export function createEventHub(): EventHub {
  const listeners = new Set<Listener>()
  const unheard: PipelineEvent[] = []
  return {
    emit(event) {
      for (const listener of listeners) listener(event)
    },
    emitToNext(event) {
      unheard.push(event)
    },
    on(listener) {
      listeners.add(listener)
      for (const event of unheard.splice(0)) listener(event)
      return () => listeners.delete(listener)
    },
  }
}
