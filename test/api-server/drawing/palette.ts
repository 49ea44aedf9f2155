import type { Daytime, Motif } from './motif.ts'

/** Colours of a scene, `#rrggbb`. */
export interface Palette {
  /** From the zenith down to the horizon. */
  readonly sky: readonly [string, string, string]
  /** Sun or moon. */
  readonly light: string
  /** Hills far away, and close by. */
  readonly far: string
  readonly near: string
  readonly water: string
  readonly accent: string
}

const PALETTES: Readonly<Record<Daytime, Palette>> = {
  dawn: {
    sky: ['#5b7db8', '#f2b8a6', '#ffe3c2'],
    light: '#fff1cf',
    far: '#b9a3bd',
    near: '#2f3b5c',
    water: '#7f95bd',
    accent: '#f28c6f',
  },
  day: {
    sky: ['#3f8fd2', '#8cc6ec', '#e4f4fb'],
    light: '#fffbe6',
    far: '#9fc3d4',
    near: '#24594f',
    water: '#3d8fb5',
    accent: '#f4b942',
  },
  dusk: {
    sky: ['#3b2b5e', '#c4536b', '#ffb36b'],
    light: '#ffe0a3',
    far: '#8d5a7d',
    near: '#241b3a',
    water: '#6a4673',
    accent: '#ff8a4c',
  },
  night: {
    sky: ['#060b1f', '#12234a', '#32538a'],
    light: '#f3f1df',
    far: '#2b4271',
    near: '#070d1d',
    water: '#16305c',
    accent: '#ffd27a',
  },
}

/** The palette of a time of day, tinted with the colours that the prompt names. */
export function choosePalette({ daytime, colors }: Pick<Motif, 'daytime' | 'colors'>): Palette {
  const base = PALETTES[daytime]
  const ordered = [...colors].sort((a, b) => brightness(a) - brightness(b))
  const [darkest] = ordered
  const accent = [...colors].sort((a, b) => saturation(b) - saturation(a))[0]
  if (!darkest || !accent) return base
  const [zenith, middle, horizon] = base.sky
  const isDark = brightness(darkest) < 0.35
  return {
    sky: [
      mix(zenith, isDark && daytime === 'night' ? darkest : accent, 0.55),
      mix(middle, accent, 0.45),
      mix(horizon, accent, 0.15),
    ],
    light: base.light,
    far: mix(base.far, accent, 0.5),
    near: isDark ? mix(base.near, darkest, 0.8) : base.near,
    water: mix(base.water, accent, 0.45),
    accent,
  }
}

/** @param part how much of `b`, from 0 to 1 */
export function mix(a: string, b: string, part: number): string {
  const to = channels(b)
  const mixed = channels(a).map((value, i) => Math.round(value + ((to[i] ?? 0) - value) * part))
  return `#${mixed.map(value => value.toString(16).padStart(2, '0')).join('')}`
}

function channels(color: string): number[] {
  return [1, 3, 5].map(at => Number.parseInt(color.slice(at, at + 2), 16))
}

function brightness(color: string): number {
  const [red = 0, green = 0, blue = 0] = channels(color)
  return (0.3 * red + 0.59 * green + 0.11 * blue) / 255
}

function saturation(color: string): number {
  const values = channels(color)
  return Math.max(...values) - Math.min(...values)
}
