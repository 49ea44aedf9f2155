import type { PictureFormat } from '../system/picture-format.ts'

/** How many bytes {@link sniffFormat} reads. */
export const SNIFFED_BYTES = 64

/** The raster format that the first bytes announce; undefined for everything else. */
export function sniffFormat(bytes: Uint8Array): PictureFormat | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, SNIFFED_BYTES))
  const text = head.toString('latin1')
  if (text.startsWith('\x89PNG\r\n\x1A\n')) return 'png'
  if (text.startsWith('\xFF\xD8\xFF')) return 'jpeg'
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return 'webp'
  if (/^GIF8[79]a/.test(text)) return 'gif'
  if (/^(?:II\*\0|MM\0\*)/.test(text)) return 'tiff'
  if (isAvif(head, text)) return 'avif'
  return undefined
}

/** An ISO media file whose `ftyp` box names an AVIF brand, first or among the compatible ones. */
function isAvif(head: Buffer, text: string): boolean {
  if (head.length < 12 || !text.startsWith('ftyp', 4)) return false
  const brands = text.slice(8, Math.min(head.readUInt32BE(0), SNIFFED_BYTES))
  return /^(?:.{4})*(?:avif|avis)/s.test(brands)
}

/** What stands in a file in place of a picture, as its first bytes tell; undefined when they do not. */
export function sniffOther(bytes: Uint8Array): 'empty' | 'HTML' | 'SVG' | 'JSON' | undefined {
  if (bytes.length === 0) return 'empty'
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, SNIFFED_BYTES))
  const text = head
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .trimStart()
  if (/^<(?:!doctype html|html|head|body)\b/i.test(text)) return 'HTML'
  if (/^<svg\b/i.test(text) || /^<\?xml[^>]*>\s*<svg\b/i.test(text)) return 'SVG'
  return /^[{[]\s*["{[\]}]/.test(text) ? 'JSON' : undefined
}
