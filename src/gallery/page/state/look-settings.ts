import { type Signal, signal } from '@preact/signals'

/** What pictures lie on, and in what words. */
export const GROUNDS = {
  plain: 'Plain',
  checkerboard: 'Checkerboard',
  white: 'White',
  black: 'Black',
  page: 'Colour of the page',
} as const

export type Ground = keyof typeof GROUNDS

/** How pictures are looked at. It stays while one goes from image to image. */
export interface LookSettings {
  readonly ground: Signal<Ground>
  /** `#rrggbb` */
  readonly pageColor: Signal<string>
}

export function createLookSettings(): LookSettings {
  return { ground: signal<Ground>('plain'), pageColor: signal('#f5e9d6') }
}
