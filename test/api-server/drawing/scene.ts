import type { Extent } from './draw-answer.ts'
import { drawLandscape } from './landscape.ts'
import { parseMotif, type Subject } from './motif.ts'
import { choosePalette } from './palette.ts'
import { createRandom } from './random.ts'
import type { Canvas } from './shapes.ts'
import { drawAbstract, drawCity, drawEmblem, drawPortrait } from './subjects.ts'

/**
 * Draws the subject of a prompt as SVG. The same seed always gives the same drawing.
 *
 * @param subject overrides the words
 */
export function drawScene(prompt: string, seed: string, extent: Extent, subject?: Subject): string {
  const random = createRandom(seed)
  const motif = parseMotif(prompt, random)
  const palette = choosePalette(motif)
  const canvas: Canvas = { ...viewBox(extent), random }
  const content = {
    landscape: () => drawLandscape(canvas, motif, palette),
    city: () => drawCity(canvas, motif, palette),
    portrait: () => drawPortrait(canvas, palette),
    emblem: () => drawEmblem(canvas, palette),
    abstract: () => drawAbstract(canvas, palette),
  }[subject ?? motif.subject]()
  return toSvg(canvas, content)
}

/** The drawing's own units: a thousand along the longer side. */
export function viewBox({ width, height }: Extent): Extent {
  const side = Math.max(width, height)
  return { width: (1000 * width) / side, height: (1000 * height) / side }
}

export function toSvg({ width, height }: Extent, content: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${content}</svg>`
}
