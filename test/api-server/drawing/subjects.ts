import type { Motif } from './motif.ts'
import { mix, type Palette } from './palette.ts'
import { type Canvas, circle, createRidge, land, linear, polygon, radial, rect } from './shapes.ts'
import { drawSky } from './sky.ts'

/** A skyline, its windows lit when the sun is low. */
export function drawCity(canvas: Canvas, { daytime }: Motif, palette: Palette): string {
  const { width, height, random } = canvas
  const sun = { x: width * random.between(0.25, 0.7), y: height * random.between(0.24, 0.4) }
  const rows = [0.3, 0.6, 1].map(depth => {
    const wall = mix(palette.far, palette.near, depth * 0.9)
    const houses: string[] = []
    for (let x = -30; x < width; ) {
      const w = random.between(45, 95)
      const top = height * (0.95 - random.between(0.16, 0.5) * (1.25 - depth * 0.55))
      houses.push(rect(x, top, w, height - top, wall))
      for (let y = top + 14; y < height - 20 && depth > 0.5; y += 24) {
        for (let wx = x + 9; wx < x + w - 12; wx += 17) {
          const isLit = random.between(0, 1) < (daytime === 'day' ? 0.12 : 0.4)
          const pane = isLit ? palette.accent : mix(wall, palette.sky[2], 0.16)
          houses.push(rect(wx, y, 8, 12, pane))
        }
      }
      x += w + random.between(-8, 10)
    }
    return houses.join('')
  })
  return drawSky(canvas, palette, daytime, sun) + rows.join('')
}

/** A flat portrait of no one in particular: hair, face and shoulders in its own colours. */
export function drawPortrait(canvas: Canvas, palette: Palette): string {
  const { width, height, random } = canvas
  const x = width / 2
  const unit = Math.min(width, height) / 10
  const y = height * 0.42
  const [skin, hair] = random.pick<readonly [string, string]>([
    ['#f1c8a5', '#8a4b2c'],
    ['#f6d7bd', '#c99a55'],
    ['#d9a27c', '#2b2230'],
    ['#a86f4c', '#3a2a2a'],
    ['#7a4b33', '#211a24'],
  ])
  const shirt = random.pick([palette.accent, palette.near, mix(palette.accent, '#ffffff', 0.4)])
  const isLong = random.between(0, 1) > 0.5
  const shade = mix(skin, '#5a2f22', 0.22)
  return [
    `<defs>${linear('wall', [mix(palette.sky[1], '#ffffff', 0.2)], [palette.sky[2]])}</defs>`,
    rect(0, 0, width, height, 'url(#wall)'),
    circle(x, y, unit * 3.6, mix(palette.accent, '#ffffff', 0.35), 0.55),
    isLong
      ? rect(x - unit * 1.85, y - unit * 1.2, unit * 3.7, unit * 4, hair, `rx="${unit * 1.6}"`)
      : '',
    `<ellipse cx="${x}" cy="${height + unit * 0.6}" rx="${unit * 3.7}" ry="${height - y - unit * 1.4}" fill="${shirt}"/>`,
    rect(x - unit * 0.62, y + unit * 0.9, unit * 1.24, unit * 1.9, shade, `rx="${unit * 0.6}"`),
    circle(x, y - unit * 0.35, unit * 1.72, hair),
    `<ellipse cx="${x}" cy="${y + unit * 0.15}" rx="${unit * 1.4}" ry="${unit * 1.72}" fill="${skin}"/>`,
    `<path d="M${x - unit * 1.5},${y - unit * 0.1} Q${x - unit * 0.9},${y - unit * 1.9} ${x + unit * 1.5},${y - unit * 0.5} Q${x + unit * 1.2},${y - unit * 2.2} ${x - unit * 0.2},${y - unit * 2.05} Q${x - unit * 1.7},${y - unit * 1.8} ${x - unit * 1.5},${y - unit * 0.1}" fill="${hair}"/>`,
    circle(x - unit * 0.52, y + unit * 0.12, unit * 0.13, '#2a2233'),
    circle(x + unit * 0.52, y + unit * 0.12, unit * 0.13, '#2a2233'),
    circle(x - unit * 0.85, y + unit * 0.68, unit * 0.26, '#e8705f', 0.28),
    circle(x + unit * 0.85, y + unit * 0.68, unit * 0.26, '#e8705f', 0.28),
    `<path d="M${x - unit * 0.45},${y + unit * 0.95} Q${x},${y + unit * 1.32} ${x + unit * 0.45},${y + unit * 0.95}" stroke="${shade}" stroke-width="${unit * 0.12}" fill="none" stroke-linecap="round"/>`,
  ].join('')
}

/** A round mark: rings, rays and a peak. */
export function drawEmblem(canvas: Canvas, palette: Palette): string {
  const { width, height, random } = canvas
  const [x, y] = [width / 2, height / 2]
  const r = Math.min(width, height) * 0.34
  const count = Math.round(random.between(9, 20))
  const rays = Array.from({ length: count }, (_, i) => {
    const turn = (360 / count) * i
    return `<rect x="${x - r * 0.035}" y="${y - r * 1.28}" width="${r * 0.07}" height="${r * 0.2}" rx="${r * 0.035}" fill="${palette.accent}" transform="rotate(${turn} ${x} ${y})"/>`
  })
  const peak = random.between(-0.25, 0.25)
  return [
    `<defs>${radial('paper', ['#ffffff'], [mix(palette.sky[2], '#ffffff', 0.5)])}${linear('disc', [palette.sky[0]], [palette.accent])}<clipPath id="round"><circle cx="${x}" cy="${y}" r="${r}"/></clipPath></defs>`,
    rect(0, 0, width, height, 'url(#paper)'),
    ...rays,
    circle(x, y, r, 'url(#disc)'),
    `<g clip-path="url(#round)">`,
    circle(x + r * peak * 1.4, y - r * 0.2, r * 0.3, palette.light),
    polygon(
      [
        [x - r * 1.1, y + r],
        [x - r * 0.3 + r * peak, y - r * 0.2],
        [x + r * 0.6, y + r],
      ],
      mix(palette.near, palette.accent, 0.35),
    ),
    polygon(
      [
        [x - r * 0.4, y + r],
        [x + r * 0.45 + r * peak * 0.5, y + r * 0.08],
        [x + r * 1.3, y + r],
      ],
      palette.near,
    ),
    '</g>',
    `<circle cx="${x}" cy="${y}" r="${r * 1.01}" fill="none" stroke="${palette.near}" stroke-width="${r * 0.05}"/>`,
  ].join('')
}

/** Soft waves, one over the other, with a few circles adrift. */
export function drawAbstract(canvas: Canvas, palette: Palette): string {
  const { width, height, random } = canvas
  const drift = Array.from({ length: 7 }, () =>
    circle(
      random.between(0, width),
      random.between(0, height * 0.7),
      random.between(20, 130),
      random.pick([palette.light, palette.accent, palette.far]),
      0.35,
    ),
  )
  const waves = Array.from({ length: 7 }, (_, i) => {
    const ridge = createRidge(random, height * (0.25 + i * 0.12), 45)
    return `<g opacity="0.82">${land(canvas, ridge, mix(mix(palette.accent, palette.sky[1], 0.4), palette.near, i / 7))}</g>`
  })
  return [
    `<defs>${linear('ground', [palette.sky[0]], [palette.sky[1]], [palette.sky[2]])}</defs>`,
    rect(0, 0, width, height, 'url(#ground)'),
    ...drift,
    ...waves,
  ].join('')
}
