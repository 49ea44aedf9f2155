import { createHash } from 'node:crypto'
import type { ImageStateName } from '../../plan/image-state.ts'
import { CAPITAL_HEIGHT, strokeText } from './stroke-font.ts'

/** A draft stands in for every image without a picture. */
export type DraftState = Exclude<ImageStateName, 'ready'>

/** What a draft says, and the size of the picture that it stands in for. */
export interface Draft {
  /** The image's name. */
  readonly name: string
  /** Pixels. */
  readonly width: number
  readonly height: number
  readonly state: DraftState
  /** One short line below the state, such as why it failed. */
  readonly note?: string
}

interface Appearance {
  readonly label: string
  readonly hue: number
}

const MISSING: Appearance = { label: 'not generated yet', hue: 215 }
const WAITING: Appearance = { label: 'waiting', hue: 45 }
const GENERATING: Appearance = { label: 'generating…', hue: 200 }
const FAILED: Appearance = { label: 'failed', hue: 5 }

const APPEARANCES: Readonly<Record<DraftState, Appearance>> = {
  missing: MISSING,
  blocked: MISSING,
  held: MISSING,
  queued: WAITING,
  waiting: WAITING,
  generating: GENERATING,
  receiving: GENERATING,
  retrying: GENERATING,
  failed: FAILED,
  refused: FAILED,
  unusable: FAILED,
  newer: FAILED,
  uncertain: { label: 'outcome unknown', hue: 30 },
  corrupt: { label: 'damaged', hue: 5 },
}

/**
 * A picture that stands in for a missing original: an SVG of the same proportions that shows name,
 * size and state. Pure; the same draft is always the same text. The name decides the tint, so that
 * drafts on one page differ. It needs no font, and follows the page's colour scheme.
 */
export function drawDraft({ name, width, height, state, note }: Draft): string {
  const { label, hue: accent } = APPEARANCES[state]
  const tint = hueOf(name)
  const unit = (Math.min(width, height) * 1.35) / 100
  const lines = layOut(
    [
      { text: name, size: 6.2, gap: 0, role: 'n' },
      { text: `${width} × ${height}`, size: 3.1, gap: 4.2, role: 'm' },
      { text: label, size: 3.1, gap: 6.4, role: 's' },
      ...(note ? [{ text: note, size: 2.7, gap: 5.4, role: 'm' } as const] : []),
    ],
    { width, height, unit },
  )
  const title = `${name}, ${width} × ${height}: ${label}${note ? `. ${note}` : ''}`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escapeXml(title)}</title>`,
    `<style>${renderStyle(tint, accent, state === 'generating')}</style>`,
    renderScene(width, height),
    ...lines,
    '</svg>',
  ].join('')
}

function renderStyle(tint: number, accent: number, alive: boolean): string {
  const light = [
    `#a{stop-color:hsl(${tint},34%,95%)}#b{stop-color:hsl(${tint + 24},36%,89%)}`,
    `.u{fill:hsl(${tint},70%,99%)}.h{fill:hsl(${tint + 14},26%,83%)}.k{fill:hsl(${tint + 4},25%,77%)}`,
    `.n{stroke:hsl(${tint},28%,24%)}.m{stroke:hsl(${tint},16%,42%)}.s{stroke:hsl(${accent},62%,32%)}.d{fill:hsl(${accent},66%,48%)}`,
    `.p{fill:hsl(${tint},40%,98%);fill-opacity:.72}`,
  ].join('')
  const dark = [
    `#a{stop-color:hsl(${tint},24%,17%)}#b{stop-color:hsl(${tint + 24},26%,12%)}`,
    `.u{fill:hsl(${tint},24%,22%)}.h{fill:hsl(${tint + 14},22%,19%)}.k{fill:hsl(${tint + 4},24%,15%)}`,
    `.n{stroke:hsl(${tint},26%,90%)}.m{stroke:hsl(${tint},14%,66%)}.s{stroke:hsl(${accent},72%,78%)}.d{fill:hsl(${accent},78%,62%)}`,
    `.p{fill:hsl(${tint},26%,9%);fill-opacity:.6}`,
  ].join('')
  const pulse = alive
    ? '@media(prefers-reduced-motion:no-preference){.d{animation:p 1.8s ease-in-out infinite}}@keyframes p{50%{opacity:.25}}'
    : ''
  return `path{stroke-linecap:round;stroke-linejoin:round}g{fill:none}${light}@media(prefers-color-scheme:dark){${dark}}${pulse}`
}

/** A sky, a sun and two ranges of hills, quiet enough for text on them. */
function renderScene(width: number, height: number): string {
  const x = (share: number) => round(share * width)
  const y = (share: number) => round(share * height)
  const far = `M0 ${y(0.8)}C${x(0.14)} ${y(0.68)} ${x(0.26)} ${y(0.66)} ${x(0.42)} ${y(0.78)}S${x(0.72)} ${y(0.62)} ${x(0.84)} ${y(0.66)}S${width} ${y(0.74)} ${width} ${y(0.74)}V${height}H0z`
  const near = `M0 ${y(0.92)}C${x(0.2)} ${y(0.88)} ${x(0.36)} ${y(0.8)} ${x(0.56)} ${y(0.85)}S${x(0.86)} ${y(0.93)} ${width} ${y(0.84)}V${height}H0z`
  return [
    '<defs><linearGradient id="g" x2="0" y2="1"><stop id="a"/><stop id="b" offset="1"/></linearGradient></defs>',
    `<path fill="url(#g)" d="M0 0h${width}v${height}H0z"/>`,
    `<circle class="u" cx="${x(0.84)}" cy="${y(0.2)}" r="${round(Math.min(width, height) * 0.09)}"/>`,
    `<path class="h" d="${far}"/><path class="k" d="${near}"/>`,
  ].join('')
}

interface Line {
  readonly text: string
  /** Height of a capital, in hundredths of the picture. */
  readonly size: number
  /** Space above it, likewise. */
  readonly gap: number
  /** `n` name, `m` muted, `s` state. */
  readonly role: 'n' | 'm' | 's'
}

function layOut(
  lines: readonly Line[],
  { width, height, unit }: { width: number; height: number; unit: number },
): string[] {
  const gaps = lines.map(({ gap }) => gap * unit)
  const total =
    lines.reduce((sum, { size }) => sum + size * unit, 0) +
    gaps.slice(1).reduce((sum, gap) => sum + gap, 0)
  let top = Math.max(unit * 4, height * 0.42 - total / 2)
  return lines.map((line, index) => {
    if (index > 0) top += gaps[index] ?? 0
    const drawn = renderLine(line, { top, width, unit })
    top += line.size * unit
    return drawn
  })
}

function renderLine(
  { text, size, role }: Line,
  { top, width, unit }: { top: number; width: number; unit: number },
): string {
  const room = width * 0.86 - (role === 's' ? size * unit * 3.4 : 0)
  const full = (size * unit) / CAPITAL_HEIGHT
  const { stroked, scale } = fitText(text, room, full)
  const inkWidth = stroked.width * scale
  const middle = top + (size * unit) / 2
  const offset = role === 's' ? size * unit * 0.75 : 0
  const left = (width - inkWidth) / 2 + offset
  const weight = role === 'n' ? 2.5 : 2.1
  const paths = stroked.glyphs.map(
    ({ x, path }) => `<path d="${path}"${x === 0 ? '' : ` transform="translate(${x})"`}/>`,
  )
  const lift = middle - (CAPITAL_HEIGHT * scale) / 2
  const letters = `<g class="${role}" stroke-width="${weight}" transform="translate(${round(left)} ${round(lift)})scale(${round(scale, 1000)})">${paths.join('')}</g>`
  return role === 's' ? renderPill(left, inkWidth, middle, size * unit) + letters : letters
}

function renderPill(left: number, inkWidth: number, middle: number, size: number): string {
  const height = size * 2.5
  const start = left - size * 2.6
  return [
    `<rect class="p" x="${round(start)}" y="${round(middle - height / 2)}" width="${round(inkWidth + size * 3.8)}" height="${round(height)}" rx="${round(height / 2)}"/>`,
    `<circle class="d" cx="${round(left - size * 1.25)}" cy="${round(middle)}" r="${round(size * 0.42)}"/>`,
  ].join('')
}

/** Makes a long text smaller, down to six tenths, then removes its middle. */
function fitText(text: string, room: number, full: number) {
  const characters = Array.from(text)
  for (let kept = characters.length; kept > 2; kept -= 1) {
    const head = Math.ceil(kept / 2)
    const shown =
      kept === characters.length
        ? text
        : `${characters.slice(0, head).join('')}…${characters.slice(head - kept).join('')}`
    const stroked = strokeText(shown)
    const scale = Math.min(full, room / Math.max(1, stroked.width))
    if (scale >= full * 0.6) return { stroked, scale }
  }
  const stroked = strokeText(characters.slice(0, 2).join(''))
  return { stroked, scale: Math.min(full, room / Math.max(1, stroked.width)) }
}

/** From green over blue to pink: the other hues look like a warning or like mud. */
function hueOf(name: string): number {
  return 150 + (createHash('sha256').update(name).digest().readUInt16BE(0) % 160)
}

function round(value: number, steps = 10): number {
  return Math.round(value * steps) / steps
}

function escapeXml(text: string): string {
  const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
  return text
    .replace(/[&<>]/g, character => entities[character] ?? '')
    .replace(/[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
}
