import type { OverlayOptions } from 'sharp'
import type { Extent } from './draw-answer.ts'
import { drawBeam, LAMP } from './landscape.ts'
import { type Motif, parseMotif } from './motif.ts'
import { compose, fitted, paint } from './paint.ts'
import { choosePalette } from './palette.ts'
import { createRandom } from './random.ts'
import { drawScene, toSvg, viewBox } from './scene.ts'
import { linear, rect } from './shapes.ts'
import { drawStars } from './sky.ts'

export interface EditRequest {
  readonly prompt: string
  readonly seed: string
  /** Encoded pictures, in the order in which they came. */
  readonly references: readonly Buffer[]
  readonly extent: Extent
}

/** One reference is seen in another light; several hang side by side in a new picture. */
export async function drawEdit(edit: EditRequest): Promise<Buffer> {
  const [only, ...more] = edit.references
  if (only && more.length === 0) return relight(edit, only)
  return hang(edit)
}

async function relight({ prompt, seed, extent }: EditRequest, reference: Buffer): Promise<Buffer> {
  const motif = parseMotif(prompt, createRandom(seed))
  const isNight = motif.daytime === 'night'
  const base = fitted(reference, extent)
  const toned = isNight ? base.modulate({ brightness: 0.8, saturation: 0.7 }) : base
  const tint = await paint(toSvg(viewBox(extent), drawTint(extent, motif)), extent)
  const layers: OverlayOptions[] = [{ input: tint, blend: isNight ? 'multiply' : 'soft-light' }]
  const lights = drawLights(extent, motif, seed)
  if (lights) layers.push({ input: await overlay(lights, extent), blend: 'screen' })
  return compose(toned, layers)
}

/** Blue for the night, else the colours of the prompt's palette. */
function drawTint(extent: Extent, motif: Motif): string {
  const { width, height } = viewBox(extent)
  const [zenith, middle, horizon] = choosePalette(motif).sky
  const stops =
    motif.daytime === 'night'
      ? linear('tint', ['#2b4a9a'], ['#5577c4'], ['#8fa6dd'])
      : linear('tint', [zenith], [middle], [horizon])
  return `<defs>${stops}</defs>${rect(0, 0, width, height, 'url(#tint)')}`
}

function drawLights(extent: Extent, { daytime, lamp }: Motif, seed: string): string {
  const { width, height } = viewBox(extent)
  const stars = drawStars({ width, height: height * 0.7, random: createRandom(seed) })
  const beam = drawBeam(width * LAMP.x, height * LAMP.y, width)
  return (daytime === 'night' ? stars : '') + (lamp ? beam : '')
}

async function hang({ prompt, seed, references, extent }: EditRequest): Promise<Buffer> {
  const { width, height } = extent
  const wall = await paint(drawScene(prompt, seed, extent, 'abstract'), extent)
  const columns = Math.min(references.length, width >= height ? 4 : 2)
  const rows = Math.ceil(references.length / columns)
  const gap = Math.round(Math.min(width, height) * 0.05)
  const panel: Extent = {
    width: Math.floor((width - gap * (columns + 1)) / columns),
    height: Math.floor((height - gap * (rows + 1)) / rows),
  }
  const layers = await Promise.all(
    references.map(async (reference, i): Promise<OverlayOptions> => {
      const mask = await overlay(drawMask(panel), panel)
      const input = await fitted(reference, panel)
        .ensureAlpha()
        .composite([{ input: mask, blend: 'dest-in' }])
        .png({ compressionLevel: 1 })
        .toBuffer()
      return {
        input,
        left: gap + (i % columns) * (panel.width + gap),
        top: gap + Math.floor(i / columns) * (panel.height + gap),
      }
    }),
  )
  return compose(fitted(wall, extent), layers)
}

function drawMask(panel: Extent): string {
  const { width, height } = viewBox(panel)
  return rect(0, 0, width, height, '#ffffff', 'rx="70"')
}

/** Shapes with nothing behind them, as a transparent PNG. */
function overlay(content: string, extent: Extent): Promise<Buffer> {
  return paint(toSvg(viewBox(extent), content), extent, { transparent: true })
}
