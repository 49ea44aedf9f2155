import type { Random } from './random.ts'

export type Daytime = 'dawn' | 'day' | 'dusk' | 'night'
export type Subject = 'landscape' | 'city' | 'portrait' | 'emblem' | 'abstract'

/** What to draw, as far as the words of a prompt tell. */
export interface Motif {
  readonly subject: Subject
  readonly daytime: Daytime
  readonly sea: boolean
  readonly lighthouse: boolean
  readonly boat: boolean
  readonly trees: boolean
  readonly lamp: boolean
  /** `#rrggbb`, in the order of the prompt. */
  readonly colors: readonly string[]
}

const DAYTIMES: readonly (readonly [Daytime, RegExp])[] = [
  ['night', /\b(?:nights?|midnight|moon\w*|stars?|starry|dark)\b/i],
  ['dusk', /\b(?:dusk|sunset|evening|golden hour|autumn)\b/i],
  ['dawn', /\b(?:dawn|sunrise|morning|soft)\b/i],
  ['day', /\b(?:day|noon|sunny|bright|summer)\b/i],
]

const SUBJECTS: readonly (readonly [Subject, RegExp])[] = [
  ['portrait', /\b(?:portraits?|face|person|people|woman|man|avatar|headshot|team)\b/i],
  ['emblem', /\b(?:logo|icon|emblem|badge|mark|favicon)\b/i],
  ['city', /\b(?:city|skyline|street|town|buildings?|office)\b/i],
  ['abstract', /\b(?:abstract|pattern|texture|gradient|backdrop|waves? of)\b/i],
]

export function parseMotif(prompt: string, random: Random): Motif {
  const find = <Kind>(kinds: readonly (readonly [Kind, RegExp])[]): Kind | undefined =>
    kinds.find(([, words]) => words.test(prompt))?.[0]
  const lighthouse = /lighthouse/i.test(prompt)
  return {
    subject: lighthouse ? 'landscape' : (find(SUBJECTS) ?? 'landscape'),
    daytime: find(DAYTIMES) ?? random.pick<Daytime>(['dawn', 'day', 'dusk']),
    sea:
      lighthouse ||
      /\b(?:sea|ocean|coast|bay|beach|harbou?r|island|lake|boat|ship|sail\w*)\b/i.test(prompt),
    lighthouse,
    boat: /\b(?:boat|ship|sail\w*|regatta)\b/i.test(prompt),
    trees: /\b(?:trees?|forest|woods?|pines?|garden|park)\b/i.test(prompt),
    lamp: /\b(?:lamp|lit|lantern|beacon)\b/i.test(prompt),
    colors: (prompt.match(/#[0-9a-f]{6}\b/gi) ?? []).map(color => color.toLowerCase()),
  }
}
