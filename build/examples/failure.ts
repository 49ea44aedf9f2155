/** A check of an example that does not hold. */
export class ExampleFailure extends Error {}

/** @throws ExampleFailure with the message, unless the condition holds */
export function expectThat(condition: boolean, message: string): void {
  if (!condition) throw new ExampleFailure(message)
}
