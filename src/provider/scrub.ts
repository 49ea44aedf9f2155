/** Takes a secret out of whatever text a server sent. */
export type Scrub = (text: string) => string

/** Servers like to quote the key that they refuse: whole, or with its middle masked. */
export function createScrub(secret: string): Scrub {
  if (secret === '') return text => text
  return text => formsOf(secret).reduce((rest, form) => rest.replaceAll(form, '[API key]'), text)
}

/** Bytes below which a secret may stand in the base64 of a picture by chance. */
const SHORTEST = 12

/** Masks a secret in bytes that pass by, where they lie, and leaves their number as it is. */
export interface ByteMask {
  /** Gives the bytes that cannot be part of a secret that goes on in the next chunk. */
  push(chunk: Uint8Array): Uint8Array
  /** Gives what was held back. */
  end(): Uint8Array
}

/**
 * Raw answers are kept on disk, and in quarantine for good: what a server echoes must not be kept
 * with them. Secrets of fewer than twelve bytes are left alone.
 */
export function createByteMask(secret: string): ByteMask {
  const forms = secret.length < SHORTEST ? [] : formsOf(secret).map(form => Buffer.from(form))
  let held: Buffer = Buffer.alloc(0)
  return {
    push(chunk) {
      const view = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      const bytes = maskAll(held.length > 0 ? Buffer.concat([held, view]) : view, forms)
      const end = bytes.length - Math.max(0, ...forms.map(form => openEnd(bytes, form)))
      // A copy: the memory of a chunk may hold the next one by then.
      held = Buffer.from(bytes.subarray(end))
      return bytes.subarray(0, end)
    },
    end: () => held,
  }
}

/** As it is, in a URL, and as JSON may escape it. */
function formsOf(secret: string): readonly string[] {
  return [...new Set([secret, encodeURIComponent(secret), secret.replaceAll('/', '\\/')])]
}

function maskAll(bytes: Buffer, forms: readonly Buffer[]): Buffer {
  for (const form of forms) {
    for (let at = bytes.indexOf(form); at !== -1; at = bytes.indexOf(form, at)) {
      bytes.fill('*', at, at + form.length)
    }
  }
  return bytes
}

/** How many bytes at the end may be the beginning of a form. */
function openEnd(bytes: Buffer, form: Buffer): number {
  let length = Math.min(bytes.length, form.length - 1)
  while (length > 0 && !bytes.subarray(-length).equals(form.subarray(0, length))) length--
  return length
}
