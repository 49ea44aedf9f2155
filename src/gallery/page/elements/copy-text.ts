import type { Announcer } from '../state/announcer.ts'

/** Puts a text on the clipboard, and says whether that worked. */
export async function copyText(text: string, announcer: Announcer): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    announcer.notify('Copied.', 'done')
  } catch {
    announcer.notify(
      'The browser did not allow copying. Select the line and copy it yourself.',
      'failed',
    )
  }
}
