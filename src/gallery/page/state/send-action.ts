import type { GalleryAction, GalleryActionAnswer } from '../../server/gallery-action.ts'

/** Rejects with the server's words if it refuses. */
export type SendAction = (action: GalleryAction, token: string) => Promise<void>

export const sendAction: SendAction = async (action, token) => {
  const answer = await fetch('./actions', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ ...action, token }),
  })
  if (answer.ok) return
  const said: GalleryActionAnswer = await answer.json().catch(() => ({}))
  throw new Error(said.error ?? `The server answered with status ${answer.status}.`)
}
