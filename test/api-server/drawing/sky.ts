import type { Daytime } from './motif.ts'
import type { Palette } from './palette.ts'
import { type Canvas, circle, linear, radial, rect } from './shapes.ts'

export interface Sun {
  readonly x: number
  readonly y: number
}

/** The whole sky down to the horizon, with its sun or moon. */
export function drawSky(canvas: Canvas, palette: Palette, daytime: Daytime, sun: Sun): string {
  const { width, height } = canvas
  const [zenith, middle, horizon] = palette.sky
  return [
    `<defs>${linear('sky', [zenith], [middle], [horizon], [horizon])}${radial('glow', [palette.light, 0.75], [palette.light, 0.22], [palette.light, 0])}</defs>`,
    rect(0, 0, width, height, 'url(#sky)'),
    daytime === 'night' ? drawStars(canvas) : '',
    circle(sun.x, sun.y, 230, 'url(#glow)', daytime === 'night' ? 0.5 : 0.9),
    circle(sun.x, sun.y, daytime === 'night' ? 34 : 46, palette.light),
    daytime === 'night' ? drawCraters(sun) : drawClouds(canvas),
  ].join('')
}

export function drawStars({ width, height, random }: Canvas): string {
  return Array.from({ length: 90 }, () =>
    circle(
      random.between(0, width),
      random.between(0, height * 0.6),
      random.between(0.6, 1.9),
      '#ffffff',
      Math.round(random.between(3, 10)) / 10,
    ),
  ).join('')
}

function drawCraters({ x, y }: Sun): string {
  return (
    circle(x - 9, y - 8, 8, '#d9d6c2', 0.6) +
    circle(x + 11, y + 6, 6, '#d9d6c2', 0.6) +
    circle(x - 3, y + 15, 4, '#d9d6c2', 0.6)
  )
}

function drawClouds({ width, height, random }: Canvas): string {
  return Array.from({ length: 4 }, () => {
    const x = random.between(0, width)
    const y = random.between(height * 0.06, height * 0.36)
    const size = random.between(0.5, 1.2)
    const bars = [
      [0, 0, 150],
      [-40, 13, 190],
      [30, 26, 130],
    ] as const
    return bars
      .map(([dx, dy, w]) =>
        rect(
          x + dx * size,
          y + dy * size,
          w * size,
          14 * size,
          '#ffffff',
          `rx="${7 * size}" opacity="0.38"`,
        ),
      )
      .join('')
  }).join('')
}
