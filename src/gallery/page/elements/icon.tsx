/** Strokes on a grid of 16. */
const ICONS = {
  ready: ['M3.5 8.5l3 3 6-7'],
  generating: [
    'M8 1.75v2.5',
    'M8 11.75v2.5',
    'M1.75 8h2.5',
    'M11.75 8h2.5',
    'M3.6 3.6l1.75 1.75',
    'M10.65 10.65l1.75 1.75',
    'M12.4 3.6l-1.75 1.75',
    'M5.35 10.65L3.6 12.4',
  ],
  waiting: ['M8 1.75a6.25 6.25 0 1 0 0 12.5a6.25 6.25 0 0 0 0-12.5', 'M8 4.75V8l2.25 1.5'],
  missing: [
    'M2.75 5.25v-2.5h2.5',
    'M10.75 2.75h2.5v2.5',
    'M13.25 10.75v2.5h-2.5',
    'M5.25 13.25h-2.5v-2.5',
  ],
  failed: ['M8 1.75a6.25 6.25 0 1 0 0 12.5a6.25 6.25 0 0 0 0-12.5', 'M8 4.75v4', 'M8 11.1v.15'],
  uncertain: [
    'M8 1.75a6.25 6.25 0 1 0 0 12.5a6.25 6.25 0 0 0 0-12.5',
    'M6.25 6.25a1.75 1.75 0 1 1 2.6 1.5c-.6.35-.85.7-.85 1.25',
    'M8 11.35v.15',
  ],
  corrupt: ['M8 2L14.5 13.5h-13z', 'M8 6.5v3.25', 'M8 11.6v.15'],
  search: ['M7 2.25a4.75 4.75 0 1 0 0 9.5a4.75 4.75 0 0 0 0-9.5', 'M10.5 10.5l3.25 3.25'],
  close: ['M3.75 3.75l8.5 8.5', 'M12.25 3.75l-8.5 8.5'],
  copy: ['M5.75 5.75h7.5v7.5h-7.5z', 'M3 10.25h-.25v-7.5h7.5V3'],
  download: ['M8 2.5v7.5', 'M4.75 6.75L8 10l3.25-3.25', 'M2.75 13.25h10.5'],
  previous: ['M9.75 3.5L5.25 8l4.5 4.5'],
  next: ['M6.25 3.5L10.75 8l-4.5 4.5'],
  open: ['M6.25 3.25h-3.5v10h10v-3.5', 'M9.25 2.75h4v4', 'M13 3L7.75 8.25'],
  filter: ['M2.5 4h11', 'M4.5 8h7', 'M6.5 12h3'],
  target: [
    'M8 3.25a4.75 4.75 0 1 0 0 9.5a4.75 4.75 0 0 0 0-9.5',
    'M8 1v3.5',
    'M8 11.5V15',
    'M1 8h3.5',
    'M11.5 8H15',
  ],
  compare: ['M8 2v12', 'M6 4H2.75v8H6', 'M10 4h3.25v8H10'],
  mismatch: ['M2.75 6.25v-3.5h3.5', 'M13.25 9.75v3.5h-3.5', 'M3 3l10 10'],
  image: ['M2.25 3.25h11.5v9.5H2.25z', 'M2.5 11l3.25-3.25 2.5 2.5 2-2 3.25 3.25', 'M10.5 5.9v.1'],
} as const

export type IconName = keyof typeof ICONS

/** A decoration: text beside it always says the same. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg viewBox="0 0 16 16" class={`icon icon-${name}`} aria-hidden="true">
      {ICONS[name].map(d => (
        <path key={d} d={d} />
      ))}
    </svg>
  )
}
