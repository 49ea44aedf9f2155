import type { PlannedState } from './plan.ts'

/** For people: why an image is not ready, to follow a colon. Undefined when there is nothing to say. */
export function explainState(status: PlannedState): string | undefined {
  switch (status.state) {
    case 'ready':
      return undefined
    case 'blocked':
      return `waits for ${status.by.map(({ name }) => name).join(' and ')}`
    case 'uncertain': {
      const { since, requestId, problem } = status
      return problem === undefined
        ? `an attempt of ${since} has no known outcome (request ID ${requestId})`
        : `an attempt of ${since} may have been billed (request ID ${requestId}): ${problem}`
    }
    case 'missing':
    case 'refused':
    case 'unusable':
    case 'newer':
    case 'corrupt':
    case 'failed':
      return status.problem
  }
}
