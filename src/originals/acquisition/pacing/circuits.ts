import { type Circuit, createCircuit } from './circuit.ts'

/** Whether one run may still send, to each of its providers. */
export interface Circuits {
  /** Aborted when the run is stopped, whichever provider it asks. */
  readonly stopped: AbortSignal
  /** @param provider by its name; absent: the first one */
  of(provider: string | undefined): Circuit
  stop(cause: Error): void
}

export function createCircuits(): Circuits {
  const circuits = new Map<string | undefined, Circuit>()
  const controller = new AbortController()
  let cause: Error | undefined

  function stop(error: Error): void {
    cause ??= error
    controller.abort(cause)
    for (const circuit of circuits.values()) circuit.stop(cause)
  }

  return {
    stopped: controller.signal,
    stop,
    of(provider) {
      const circuit = circuits.get(provider) ?? createCircuit(stop)
      circuits.set(provider, circuit)
      if (cause) circuit.stop(cause)
      return circuit
    },
  }
}
