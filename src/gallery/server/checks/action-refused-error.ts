/** An action of the gallery is not possible now. The message says why. */
export class ActionRefusedError extends Error {
  override readonly name = 'ActionRefusedError'
}
