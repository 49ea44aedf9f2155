export interface RefusalDetails {
  readonly status?: number
  readonly type?: string
  readonly param?: string
  readonly code?: string
}

/** A request that the API will not take, in the form that its error JSON has. */
export class Refusal extends Error {
  readonly status: number
  private readonly details: RefusalDetails

  constructor(message: string, details: RefusalDetails = {}) {
    super(message)
    this.status = details.status ?? 400
    this.details = details
  }

  static internal(problem: unknown): Refusal {
    const message = problem instanceof Error ? problem.message : String(problem)
    return new Refusal(message, { status: 500, type: 'server_error' })
  }

  toJSON(): object {
    const { type = 'invalid_request_error', param = null, code = null } = this.details
    return { error: { message: this.message, type, param, code } }
  }
}
