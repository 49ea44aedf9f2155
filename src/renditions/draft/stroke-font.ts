/**
 * Letters as pen strokes, so that drafts are readable where no font is installed.
 * Capitals are 20 units high, their feet at y = 20; each entry is the ink's width, then its path.
 */
const GLYPHS: Readonly<Record<string, string>> = {
  a: '11 M11 7v13M11 13.5a5.5 6.5 0 1 0-11 0a5.5 6.5 0 1 0 11 0',
  b: '11 M0 0v20M0 13.5a5.5 6.5 0 1 0 11 0a5.5 6.5 0 1 0-11 0',
  c: '10 M10 9.3a5.5 6.5 0 1 0 0 8.4',
  d: '11 M11 0v20M11 13.5a5.5 6.5 0 1 0-11 0a5.5 6.5 0 1 0 11 0',
  e: '11 M0 13.5h11a5.5 6.5 0 1 0-1.4 4.2',
  f: '7 M7 .5C3.5-.5 2.5 1 2.5 4V20M0 7h6.5',
  g: '11 M11 13.5a5.5 6.5 0 1 0-11 0a5.5 6.5 0 1 0 11 0M11 7v14a5.5 5 0 0 1-10 2.8',
  h: '10 M0 0v20M0 12.5a5 5.5 0 0 1 10 0V20',
  i: '0 M0 7v13M0 1.5v.1',
  j: '3 M3 7v15c0 3-1.5 4-3 3.8M3 1.5v.1',
  k: '9.5 M0 0v20M9 7L0 15.5M3.5 12.3L9.5 20',
  l: '0 M0 0v20',
  m: '16 M0 7v13M0 11.5a4 4.5 0 0 1 8 0V20M8 11.5a4 4.5 0 0 1 8 0V20',
  n: '10 M0 7v13M0 12.5a5 5.5 0 0 1 10 0V20',
  o: '11 M0 13.5a5.5 6.5 0 1 0 11 0a5.5 6.5 0 1 0-11 0',
  p: '11 M0 7v19M0 13.5a5.5 6.5 0 1 0 11 0a5.5 6.5 0 1 0-11 0',
  q: '11 M11 7v19M11 13.5a5.5 6.5 0 1 0-11 0a5.5 6.5 0 1 0 11 0',
  r: '6.5 M0 7v13M0 12.5c0-4 2.5-6 6.5-5.4',
  s: '9 M8.5 9C7.5 7.6 6 7 4.5 7C2 7 .5 8.3 .5 10.2C.5 14.3 9 12.5 9 16.7C9 18.8 7 20 4.6 20C2.6 20 1 19.3 0 17.7',
  t: '7 M2.5 2v13.5c0 3.5 1.5 4.8 4.5 4.3M0 7h6.5',
  u: '10 M0 7v7.5a5 5.5 0 0 0 10 0V7M10 14v6',
  v: '10 M0 7L5 20L10 7',
  w: '16 M0 7L4 20L8 8L12 20L16 7',
  x: '9.5 M0 7L9.5 20M9.5 7L0 20',
  y: '10 M0 7L5 19.5M10 7L4.2 22.5c-.9 2.5-2.2 3.5-4.2 3.2',
  z: '9.5 M0 7h9L0 20h9.5',
  A: '15 M0 20L7.5 0L15 20M2.6 13h9.8',
  B: '11.7 M0 0v20h6.5a5.2 5.2 0 0 0 0-10.4H0M6 9.6a4.8 4.8 0 0 0 0-9.6H0',
  C: '15.3 M15.3 4a8.5 10 0 1 0 0 12',
  D: '15.5 M0 0v20h5.5a10 10 0 0 0 0-20z',
  E: '11 M11 0H0v20h11M0 9.7h9.5',
  F: '11 M11 0H0v20M0 9.7h9.5',
  G: '16.8 M15.3 4A8.5 10 0 1 0 16.8 11H10',
  H: '13.5 M0 0v20M13.5 0v20M0 9.7h13.5',
  I: '0 M0 0v20',
  J: '8 M8 0v14.5a4.3 5.5 0 0 1-8 2',
  K: '13 M0 0v20M12 0L0 12.5M4.5 8.2L13 20',
  L: '10.5 M0 0v20h10.5',
  M: '17 M0 20V0l8.5 13L17 0v20',
  N: '13.5 M0 20V0l13.5 20V0',
  O: '17.6 M0 10a8.8 10 0 1 0 17.6 0a8.8 10 0 1 0-17.6 0',
  P: '12.1 M0 20V0h6.5a5.6 5.6 0 0 1 0 11.2H0',
  Q: '18 M0 10a8.8 10 0 1 0 17.6 0a8.8 10 0 1 0-17.6 0M11.5 14.5L18 21.5',
  R: '13 M0 20V0h6.5a5.6 5.6 0 0 1 0 11.2H0M7 11.2L13 20',
  S: '13 M12 3.2C10.8 1.2 8.8 0 6.3 0C3 0 .8 2 .8 4.8C.8 11.5 13 7.8 13 15C13 18 10.3 20 6.8 20C3.8 20 1.3 18.7 0 16.2',
  T: '14 M0 0h14M7 0v20',
  U: '13.2 M0 0v13a6.6 7 0 0 0 13.2 0V0',
  V: '14.6 M0 0L7.3 20L14.6 0',
  W: '22 M0 0L5.5 20L11 1.5L16.5 20L22 0',
  X: '13 M0 0L13 20M13 0L0 20',
  Y: '13.6 M0 0L6.8 10.5L13.6 0M6.8 10.5V20',
  Z: '13.5 M0 0h13L0 20h13.5',
  0: '12.4 M0 10a6.2 10 0 1 0 12.4 0a6.2 10 0 1 0-12.4 0',
  1: '6 M1 4L6 0v20',
  2: '12 M.5 5.5C.8 2 3 0 6 0C9.3 0 11.3 2.2 11.3 5C11.3 9.5 5.5 13 0 20h12',
  3: '11.8 M.8 3C2 1 3.8 0 5.8 0C9 0 11 2 11 4.8C11 7.5 9 9.4 5 9.4C9.5 9.4 11.8 11.6 11.8 14.6C11.8 17.8 9.2 20 5.8 20C3.2 20 1.2 18.9 0 16.6',
  4: '13 M9.5 20V0L0 14.5h13',
  5: '11.8 M10.8 0H2L1 9.2C2.4 8 4 7.4 5.8 7.4C9.3 7.4 11.8 10 11.8 13.6C11.8 17.3 9.2 20 5.6 20C3.2 20 1.2 19 0 17',
  6: '12 M10 .5C5 3 0 8 0 13.8a6 6.2 0 1 0 12 0a6 6.2 0 1 0-11.8-.8',
  7: '12 M0 0h12L4.5 20',
  8: '12 M1 5a5 5 0 1 0 10 0a5 5 0 1 0-10 0M0 15a6 5 0 1 0 12 0a6 5 0 1 0-12 0',
  9: '12 M2 19.5C7 17 12 12 12 6.2a6 6.2 0 1 0-12 0a6 6.2 0 1 0 11.8 .8',
  ' ': '4 ',
  '.': '0 M0 19.6v.1',
  ',': '1 M1 19v1.2L0 23',
  ':': '0 M0 9v.1M0 19.6v.1',
  ';': '1 M1 9v.1M1 19v1.2L0 23',
  '-': '7 M0 12.5h7',
  _: '11 M0 22h11',
  '+': '11 M0 12h11M5.5 6.5v11',
  '=': '11 M0 9.5h11M0 14.5h11',
  '/': '8 M0 22L8-1',
  '\\': '8 M0-1L8 22',
  '|': '0 M0-2V24',
  '(': '5 M5-2C-1.2 5-1.2 16 5 23',
  ')': '5 M0-2C6.2 5 6.2 16 0 23',
  '[': '5 M5-2H0v25h5',
  ']': '5 M0-2h5v25H0',
  '{': '6 M6-2C3-2 3 0 3 2v5c0 2-1 3.3-3 3.3C2 10.3 3 11.7 3 13.7V19c0 2.5 0 4 3 4',
  '}': '6 M0-2C3-2 3 0 3 2v5c0 2 1 3.3 3 3.3C4 10.3 3 11.7 3 13.7V19c0 2.5 0 4-3 4',
  '!': '0 M0 0v13.5M0 19.6v.1',
  '?': '10.2 M0 4.5C.5 1.5 2.6 0 5.2 0C8.3 0 10.2 1.9 10.2 4.6C10.2 8.5 5.2 9 5.2 14M5.2 19.6v.1',
  "'": '0 M0 0v5',
  '"': '4.5 M0 0v5M4.5 0v5',
  '`': '3 M0 0l3 4',
  '#': '13.5 M4.5 1L2.5 19M11 1L9 19M.5 7h13M0 13h13',
  $: '13 M12 3.2C10.8 1.2 8.8 0 6.3 0C3 0 .8 2 .8 4.8C.8 11.5 13 7.8 13 15C13 18 10.3 20 6.8 20C3.8 20 1.3 18.7 0 16.2M6.6-2.5v25',
  '%': '17.2 M14 0L3 20M0 4.5a3.8 4.5 0 1 0 7.6 0a3.8 4.5 0 1 0-7.6 0M9.6 15.5a3.8 4.5 0 1 0 7.6 0a3.8 4.5 0 1 0-7.6 0',
  '&': '14.5 M14.5 20L3.5 6.5C.5 2.5 3.5 0 6 0C8.5 0 10.2 1.7 10.2 4C10.2 9 0 9 0 15C0 18 2.3 20 5.6 20C10 20 13.5 16.5 14 10.5',
  '*': '9.3 M5 0v10M.7 2.5l8.6 5M9.3 2.5L.7 7.5',
  '<': '10 M10 5.5L0 12L10 18.5',
  '>': '10 M0 5.5L10 12L0 18.5',
  '@': '19 M13.5 7v6.5a2.8 3 0 0 0 5.5 0V10A9.5 10 0 1 0 14.5 18.8M13.5 10a4 4.3 0 1 0-8 0a4 4.3 0 1 0 8 0',
  '^': '9 M0 6L4.5 0L9 6',
  '~': '11.5 M0 13.5c1.5-3.5 3.5-3.5 5.8-1.5s4.2 2 5.7-1.5',
  '×': '9 M0 7.5l9 9M9 7.5l-9 9',
  '…': '12 M0 19.6v.1M6 19.6v.1M12 19.6v.1',
}

/** Replaces a character without strokes. */
const UNKNOWN = '11 M0 2h11v18H0z'
const SPACING = 5

export const CAPITAL_HEIGHT = 20

/** One line of text as strokes, in the font's units. */
export interface StrokedText {
  readonly width: number
  readonly glyphs: readonly { readonly x: number; readonly path: string }[]
}

export function strokeText(text: string): StrokedText {
  const glyphs: { readonly x: number; readonly path: string }[] = []
  let x = 0
  for (const character of toDrawable(text)) {
    const glyph = Object.hasOwn(GLYPHS, character) ? GLYPHS[character] : undefined
    const [width = '', path = ''] = (glyph ?? UNKNOWN).split(/ (.*)/s)
    if (path) glyphs.push({ x: Math.round(x * 10) / 10, path })
    x += Number(width) + SPACING
  }
  return { width: Math.max(0, x - SPACING), glyphs }
}

const CYRILLIC: Readonly<Record<string, string>> = Object.fromEntries(
  [
    ...'а a б b в v г g д d е e ё e ж zh з z и i й i к k л l м m н n о o п p р r'.matchAll(
      /(\S) (\S+)/g,
    ),
    ...'с s т t у u ф f х kh ц ts ч ch ш sh щ shch ы y э e ю yu я ya'.matchAll(/(\S) (\S+)/g),
  ].map(([, from = '', to = '']) => [from, to]),
)
const LATIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  þ: 'th',
  '–': '-',
  '—': '-',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  ъ: '',
  ь: '',
}

/** Replaces letters by similar ones that can be drawn. */
function toDrawable(text: string): string {
  const plain = text.normalize('NFC').replace(/\s+/g, ' ').trim()
  return Array.from(plain, character => {
    if (Object.hasOwn(GLYPHS, character)) return character
    const lower = character.toLowerCase()
    const base = CYRILLIC[lower] ?? LATIN[lower] ?? lower.normalize('NFD').replace(/\p{M}/gu, '')
    return lower === character ? base : base.charAt(0).toUpperCase() + base.slice(1)
  }).join('')
}
