import type { Extent } from './draw-answer.ts'
import type { Random } from './random.ts'

/** Shapes for the subjects. Lengths are thousandths of the picture's longer side. */
export interface Canvas extends Extent {
  readonly random: Random
}

export type Stop = readonly [color: string, opacity?: number]

/** A vertical gradient, evenly spaced, to be filled with `url(#id)`. */
export function linear(id: string, ...stops: readonly Stop[]): string {
  return `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1">${spread(stops)}</linearGradient>`
}

export function radial(id: string, ...stops: readonly Stop[]): string {
  return `<radialGradient id="${id}">${spread(stops)}</radialGradient>`
}

function spread(stops: readonly Stop[]): string {
  return stops
    .map(([color, opacity = 1], i) => {
      const offset = i / Math.max(1, stops.length - 1)
      return `<stop offset="${round(offset)}" stop-color="${color}" stop-opacity="${opacity}"/>`
    })
    .join('')
}

export function circle(x: number, y: number, r: number, fill: string, opacity = 1): string {
  return `<circle cx="${round(x)}" cy="${round(y)}" r="${round(r)}" fill="${fill}" opacity="${opacity}"/>`
}

export function rect(x: number, y: number, w: number, h: number, fill: string, more = ''): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(w)}" height="${round(h)}" fill="${fill}" ${more}/>`
}

export function polygon(points: readonly (readonly [number, number])[], fill: string): string {
  const list = points.map(([x, y]) => `${round(x)},${round(y)}`).join(' ')
  return `<polygon points="${list}" fill="${fill}"/>`
}

/** Heights of a soft ridge: a few sine waves of falling length. */
export function createRidge(random: Random, base: number, swing: number): (x: number) => number {
  const waves = [420, 190, 83].map(length => ({
    length: length * random.between(0.8, 1.3),
    phase: random.between(0, 2 * Math.PI),
  }))
  return x =>
    waves.reduce(
      (y, { length, phase }, i) =>
        y + (Math.sin((x / length) * 2 * Math.PI + phase) * swing) / 2 ** (i + 0.6),
      base,
    )
}

/** The land below a ridge. */
export function land(
  { width, height }: Extent,
  ridge: (x: number) => number,
  fill: string,
): string {
  const points: string[] = []
  for (let x = -10; x <= width + 10; x += 10) points.push(`${x},${round(ridge(x))}`)
  return `<path d="M-10,${round(height + 10)} L${points.join(' L')} L${round(width + 10)},${round(height + 10)} Z" fill="${fill}"/>`
}

export function round(value: number): number {
  return Math.round(value * 10) / 10
}
