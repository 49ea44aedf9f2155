import type { Motif } from './motif.ts'
import { mix, type Palette } from './palette.ts'
import { type Canvas, circle, createRidge, land, linear, polygon, radial, rect } from './shapes.ts'
import { drawSky, type Sun } from './sky.ts'

/** Where the lamp of every lighthouse is, as parts of width and height: edits light it there. */
export const LAMP = { x: 0.72, y: 0.3 } as const

/** Hills in layers, or a coast, with what else the prompt names. */
export function drawLandscape(canvas: Canvas, motif: Motif, palette: Palette): string {
  const { width, height, random } = canvas
  const sun = { x: width * random.between(0.2, 0.45), y: height * random.between(0.2, 0.36) }
  const horizon = height * (motif.sea ? 0.62 : 0.7)
  return [
    drawSky(canvas, palette, motif.daytime, sun),
    drawHills(canvas, palette, horizon, motif.sea ? 2 : 4),
    motif.sea ? drawSea(canvas, palette, horizon, sun) : '',
    motif.boat ? drawBoat(width * random.between(0.2, 0.4), horizon + 55, palette) : '',
    motif.lighthouse ? drawLighthouse(canvas, motif, palette) : '',
    motif.sea ? '' : drawForeground(canvas, motif, palette),
  ].join('')
}

function drawHills(canvas: Canvas, palette: Palette, horizon: number, layers: number): string {
  const { height, random } = canvas
  return Array.from({ length: layers }, (_, i) => {
    const depth = (i + 1) / (layers + 1)
    const base = horizon - height * 0.16 * (1 - depth) + (layers > 2 ? i * height * 0.06 : 0)
    const ridge = createRidge(random, base, height * (layers > 2 ? 0.09 : 0.05))
    return land(
      canvas,
      ridge,
      mix(palette.far, palette.near, layers > 2 ? depth * 0.8 : depth * 0.4),
    )
  }).join('')
}

function drawSea(canvas: Canvas, palette: Palette, horizon: number, sun: Sun): string {
  const { width, height, random } = canvas
  const glints = Array.from({ length: 46 }, (_, i) => {
    const part = (i / 46) ** 1.4
    const w = random.between(18, 60) * (0.4 + part * 1.6)
    const x = sun.x + random.between(-1, 1) * (30 + part * 130) - w / 2
    const y = horizon + 4 + part * (height - horizon)
    return rect(x, y, w, 1.6 + part * 3, palette.light, `rx="2" opacity="${0.5 - part * 0.35}"`)
  })
  const waves = Array.from({ length: 26 }, () => {
    const y = random.between(horizon + 12, height)
    return rect(
      random.between(-50, width),
      y,
      random.between(60, 220),
      2,
      '#ffffff',
      'rx="1" opacity="0.12"',
    )
  })
  return [
    `<defs>${linear('sea', [mix(palette.water, palette.sky[2], 0.45)], [palette.water], [mix(palette.water, palette.near, 0.6)])}</defs>`,
    rect(0, horizon, width, height - horizon, 'url(#sea)'),
    ...waves,
    ...glints,
  ].join('')
}

function drawBoat(x: number, y: number, palette: Palette): string {
  return (
    polygon(
      [
        [x, y - 105],
        [x, y - 12],
        [x + 58, y - 12],
      ],
      '#fdfaf2',
    ) +
    polygon(
      [
        [x - 6, y - 92],
        [x - 6, y - 12],
        [x - 44, y - 12],
      ],
      palette.accent,
    ) +
    polygon(
      [
        [x - 56, y - 4],
        [x + 66, y - 4],
        [x + 44, y + 18],
        [x - 38, y + 18],
      ],
      palette.near,
    )
  )
}

function drawLighthouse(canvas: Canvas, { daytime, lamp }: Motif, palette: Palette): string {
  const { width, height } = canvas
  const x = width * LAMP.x
  const top = height * LAMP.y
  const foot = height * 0.68
  const tower = Math.min(34, width * 0.05)
  const isLit = lamp || daytime === 'night'
  const wall = mix('#fbf6ea', palette.sky[0], daytime === 'night' ? 0.45 : 0.08)
  const side = (y: number): number => tower * (0.62 + 0.38 * ((y - top) / (foot - top)))
  const bands = [0.18, 0.5, 0.82].map(part => {
    const y = top + (foot - top) * part
    const below = y + (foot - top) * 0.15
    return polygon(
      [
        [x - side(y), y],
        [x + side(y), y],
        [x + side(below), below],
        [x - side(below), below],
      ],
      mix('#d9483b', palette.near, daytime === 'night' ? 0.35 : 0),
    )
  })
  const cliff = createRidge(canvas.random, 0, height * 0.012)
  const cliffLine = (at: number): number =>
    foot -
    14 +
    cliff(at) +
    Math.max(0, (x - 95 - at) / 95) ** 2 * 110 +
    Math.max(0, (at - x - 200) / 400) * 40
  return [
    isLit ? drawBeam(x, top, width) : '',
    polygon(
      [
        [x - side(top), top + 16],
        [x + side(top), top + 16],
        [x + tower, foot],
        [x - tower, foot],
      ],
      wall,
    ),
    ...bands,
    rect(x - tower * 0.9, top + 8, tower * 1.8, 9, palette.near, 'rx="2"'),
    rect(x - tower * 0.5, top - 20, tower, 28, isLit ? '#ffe9a8' : mix(wall, palette.accent, 0.3)),
    polygon(
      [
        [x - tower * 0.7, top - 20],
        [x + tower * 0.7, top - 20],
        [x, top - 52],
      ],
      mix('#b93a31', palette.near, 0.25),
    ),
    land(canvas, cliffLine, mix(palette.near, palette.far, 0.12)),
    land(
      canvas,
      at => cliffLine(at) + 46 + Math.sin(at / 37) * 6,
      mix(palette.near, '#000000', 0.25),
    ),
  ].join('')
}

/** The light of a lamp at a place, over whatever is drawn there. */
export function drawBeam(x: number, y: number, width: number): string {
  return [
    `<defs>${radial('lamp', ['#fff6d0', 0.95], ['#ffdf8f', 0.35], ['#ffdf8f', 0])}<linearGradient id="beam" x1="1" y1="0" x2="0" y2="0"><stop offset="0" stop-color="#fff2c2" stop-opacity="0.6"/><stop offset="1" stop-color="#fff2c2" stop-opacity="0"/></linearGradient></defs>`,
    `<polygon points="${x},${y - 8} ${x - width * 0.7},${y - 105} ${x - width * 0.7},${y + 45}" fill="url(#beam)"/>`,
    circle(x, y - 6, 120, 'url(#lamp)'),
  ].join('')
}

function drawForeground(canvas: Canvas, motif: Motif, palette: Palette): string {
  const { width, height, random } = canvas
  const ridge = createRidge(random, height * 0.88, height * 0.04)
  const trees = Array.from({ length: motif.trees ? 34 : 9 }, () => {
    const x = random.between(-20, width + 20)
    const size = random.between(45, 100) * (motif.trees ? 1.25 : 0.8)
    const y = ridge(x) + 8
    const fill = mix(palette.near, palette.far, random.between(0, 0.18))
    return [0, 0.28, 0.56]
      .map(part => {
        const half = size * (0.14 + part * 0.32)
        const tip = y - size * (1.25 - part)
        return polygon(
          [
            [x, tip],
            [x - half, tip + size * 0.62],
            [x + half, tip + size * 0.62],
          ],
          fill,
        )
      })
      .join('')
  })
  return trees.join('') + land(canvas, ridge, palette.near)
}
