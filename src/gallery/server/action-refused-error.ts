/** An action of the gallery cannot be done now; the message says why to whoever asked for it. */
export class ActionRefusedError extends Error {
  override readonly name = 'ActionRefusedError'
}
