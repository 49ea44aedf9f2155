/** Takes a secret out of a text that a server sent. */
export type Scrub = (text: string) => string

/**
 * Shorter secrets are not masked, since ordinary words and pictures hold them by chance. Only a
 * server on this machine may be given such a key.
 */
export const SHORTEST_SECRET = 8

/** Invisible characters that may stand inside a key: controls, marks, lone surrogates. */
const UNSEEN = '[\\p{C}\\p{Zl}\\p{Zp}]*'

/** JSON inside JSON escapes its escapes. Bounded, so that no text takes long. */
const ESCAPES = '\\\\{0,4}'

/**
 * Servers often quote the key that they refuse: as it is, in an encoding (percent, JSON, base64), or
 * with invisible characters inside. The case of letters does not count.
 * @param secret printable ASCII, as a header can carry it
 */
export function createScrub(secret: string): Scrub {
  if (secret.length < SHORTEST_SECRET) return text => text
  const forms = [
    [...secret].map(escapedCharacter),
    ...base64Forms(secret).map(form => [...form].map(base64Character)),
  ]
  const pattern = new RegExp(forms.map(form => form.join(UNSEEN)).join('|'), 'giu')
  return text => text.replace(pattern, '[API key]')
}

/** A character as it is, percent-encoded (more than once too), or as JSON may escape it. */
function escapedCharacter(character: string): string {
  const hex = hexOf(character)
  return `(?:${ESCAPES}\\x${hex}|%(?:25)*${hex}|${ESCAPES}\\\\u00${hex})`
}

/** A letter of base64, in either alphabet. */
function base64Character(letter: string): string {
  if (letter === '+') return '[+\\x2d]'
  if (letter === '/') return `${ESCAPES}[\\x2f_]`
  return letter
}

function hexOf(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(2, '0')
}

/** Masks a secret in a stream of bytes, in place: their number stays the same. */
export interface ByteMask {
  /** Returns the bytes that cannot be part of a secret that goes on in the next chunk. */
  push(chunk: Uint8Array): Uint8Array
  /** Returns the bytes that were held back. */
  end(): Uint8Array
}

/**
 * For raw answers, which are kept on disk (in quarantine for good), and for pictures, which are
 * published with their metadata: a key that a server echoes must not be kept with them. Picture
 * decoders don't mind: metadata has no checksum, or one that they ignore.
 */
export function createByteMask(secret: string): ByteMask {
  const forms = secret.length < SHORTEST_SECRET ? [] : maskedForms(secret)
  let held: Buffer = Buffer.alloc(0)
  return {
    push(chunk) {
      const view = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
      const bytes = maskAll(held.length > 0 ? Buffer.concat([held, view]) : view, forms)
      const end = bytes.length - Math.max(0, ...forms.map(form => openEnd(bytes, form.bytes)))
      // A copy: the chunk's memory may hold the next chunk by then.
      held = Buffer.from(bytes.subarray(end))
      return bytes.subarray(0, end)
    },
    end: () => held,
  }
}

interface MaskedForm {
  readonly bytes: Buffer
  /** Stands in for each byte. */
  readonly filler: string
}

/** The longest first: a form may begin with another. */
function maskedForms(secret: string): readonly MaskedForm[] {
  const percent = encodeURIComponent(secret)
  const strict = secret.replace(/[^A-Za-z0-9]/g, character => `%${hexOf(character).toUpperCase()}`)
  const json = JSON.stringify(secret).slice(1, -1)
  const texts = [secret, percent, strict, json, json.replaceAll('/', '\\/')].flatMap(text => [
    text,
    text.replace(/%../g, code => code.toLowerCase()),
  ])
  const base64 = base64Forms(secret).flatMap(form => [
    form,
    form.replaceAll('/', '\\/'),
    form.replaceAll('+', '-').replaceAll('/', '_'),
  ])
  return [
    ...[...new Set(texts)].map(text => ({ bytes: Buffer.from(text), filler: '*' })),
    // A letter of base64, so that a picture whose metadata holds the secret can still be read.
    ...[...new Set(base64)].map(text => ({ bytes: Buffer.from(text), filler: 'A' })),
  ].sort((a, b) => b.bytes.length - a.bytes.length)
}

/** What base64 makes of a secret at each of its three alignments. */
function base64Forms(secret: string): readonly string[] {
  return [0, 1, 2].map(shift => {
    const bytes = Buffer.from('x'.repeat(shift) + secret)
    const letters = bytes.toString('base64').replace(/=+$/, '')
    // Without the letters that hold bits of what stands before and behind the secret.
    return letters.slice(
      shift === 0 ? 0 : shift + 1,
      bytes.length % 3 === 0 ? letters.length : letters.length - 1,
    )
  })
}

function maskAll(bytes: Buffer, forms: readonly MaskedForm[]): Buffer {
  for (const { bytes: form, filler } of forms) {
    for (let at = bytes.indexOf(form); at !== -1; at = bytes.indexOf(form, at + form.length)) {
      bytes.fill(filler, at, at + form.length)
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
