/** One file of a build. */
export interface Output {
  readonly name: string
  readonly content: string | Uint8Array
}

/** A text in an output that may be a manifest's. */
export interface Suspect {
  /** Name of the output. */
  readonly output: string
  /** The output is the text, or has it in a `data:` URL. */
  readonly as: 'file' | 'data-url'
  readonly text: string
}

/** Longest text of a manifest, in bytes; anything longer is none. */
const LONGEST = 1_048_576

/** Outputs that hold texts of others; no manifest is one of them. */
const HOLDER = /\.(?:[cm]?[jt]sx?|css|html?|svg|json|map|wasm)$/

/** Every manifest has one of these fields. Other texts may too: they are compared, and dropped. */
const FIELD = /(?:^|[\s{,"'])(?:images|prompt|source|defaults|extends|vars)["']?\s*:/

const DATA_URL = /data:(?:[a-z0-9.+-]+\/[a-z0-9.+-]+)?(?:;[a-z0-9-]+=[^;,"'()\s]*)*(;base64)?,/gi

const BASE64 = /[\w+/=-]*/y

/**
 * Finds possible texts of manifests: one pass over an output, for any number of
 * manifests. In a usual build there is nothing to find.
 */
export function findSuspects({ name, content }: Output): readonly Suspect[] {
  if (isBinary(content)) return []
  const text = typeof content === 'string' ? content : Buffer.from(content).toString()
  const found: Suspect[] = dataUrlsOf(text)
    .filter(url => FIELD.test(url))
    .map(url => ({ output: name, as: 'data-url', text: url }))
  if (!HOLDER.test(name) && text.length <= LONGEST && FIELD.test(text)) {
    found.push({ output: name, as: 'file', text })
  }
  return found
}

function isBinary(content: string | Uint8Array): boolean {
  return typeof content !== 'string' && content.subarray(0, 512).includes(0)
}

/** The decoded texts of all `data:` URLs. */
function dataUrlsOf(text: string): readonly string[] {
  const found: string[] = []
  for (const match of text.matchAll(DATA_URL)) {
    const start = match.index + match[0].length
    const decoded = match[1]
      ? decodeBase64(text, start)
      : decodePercent(text.slice(start, endOfUrl(text, match.index, start)))
    if (decoded !== undefined) found.push(decoded)
  }
  return found
}

function decodeBase64(text: string, start: number): string | undefined {
  BASE64.lastIndex = start
  const [payload = ''] = BASE64.exec(text) ?? []
  if (payload.length > LONGEST * 1.5) return undefined
  const bytes = Buffer.from(payload, 'base64')
  return isBinary(bytes) ? undefined : bytes.toString()
}

/** A URL ends where the quotes or the parentheses around it do. */
function endOfUrl(text: string, from: number, start: number): number {
  const opening = text[from - 1] ?? ''
  const closing = opening === '(' ? ')' : opening
  if (!/["'`)]/.test(closing)) {
    const end = text.slice(start, start + LONGEST * 3).search(/[\s"'<>]/)
    return end < 0 ? text.length : start + end
  }
  const isNested = text[from - 2] === '\\'
  for (let end = text.indexOf(closing, start); end >= 0; end = text.indexOf(closing, end + 1)) {
    if (isNested || text[end - 1] !== '\\') return end
  }
  return text.length
}

function decodePercent(payload: string): string {
  return payload.replace(/(?:%[0-9a-f]{2})+/gi, codes =>
    Buffer.from(codes.replaceAll('%', ''), 'hex').toString(),
  )
}
