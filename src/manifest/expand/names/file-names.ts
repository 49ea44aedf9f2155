/** Names that Windows reserves for devices, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³])(?:\.|$)/i

/**
 * Characters that terminals, editors or URLs obey, hide or cannot contain: control characters, line
 * separators, bidirectional and other invisible marks, halves of surrogate pairs.
 */
const UNSEEN =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u{ad}\u{61c}\u{180e}\u{200b}\u{200e}\u{200f}\u{202a}-\u{202e}\u{2060}-\u{206f}\u{feff}]/u

/** Bytes: the limit of file systems, less what a bundler adds for hash and width. */
const LONGEST = 200

/**
 * Why a name cannot be a file name, or a part of one, on every system, as the end of a sentence;
 * undefined when it can.
 */
export function fileNameProblem(name: string): string | undefined {
  if (UNSEEN.test(name)) return 'it contains a control character or an invisible one'
  if (name !== name.trim()) return 'it starts or ends with white space'
  if (name.endsWith('.')) return 'it ends with a dot, which Windows removes'
  if (DEVICE.test(name)) return 'Windows reserves it for a device'
  if (Buffer.byteLength(name) > LONGEST) return `it is longer than ${LONGEST} bytes`
  return undefined
}

/** A form that is equal for names which differ in case or Unicode form only: some file systems do not tell those apart. */
export function foldName(name: string): string {
  return name.normalize('NFC').toUpperCase().toLowerCase().normalize('NFC')
}
