/** A check of an example that does not hold. */
export class ExampleFailure extends Error {
  /** What a command printed, in full. */
  readonly output: string

  constructor(message: string, output = '') {
    super(message)
    this.output = output
  }
}

/** @throws ExampleFailure with the message, unless the condition holds */
export function expectThat(condition: boolean, message: string): void {
  if (!condition) throw new ExampleFailure(message)
}
