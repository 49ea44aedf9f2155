import { type Signal, signal } from '@preact/signals'

/** What pictures lie on. */
export const GROUNDS = {
  plain: { label: 'Plain', background: 'none' },
  checkerboard: {
    label: 'Checkerboard',
    background: 'repeating-conic-gradient(#fff 0 25%, #ccc 0 50%) 0 / 20px 20px',
  },
  white: { label: 'White', background: '#fff' },
  black: { label: 'Black', background: '#000' },
  page: { label: 'Colour of the page', background: 'var(--page)' },
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
