import type { Figures, Run } from './measure.ts'

/** One of those who do the same work. */
export interface Contender extends Run {
  readonly name: string
  /** Brings everything back to where the work begins. Not measured. */
  reset?(): Promise<void>
}

/** The figures of one round, by contender. */
export type Round = Readonly<Record<string, Figures>>

/** What must hold. */
export interface Bound {
  /** What is compared, and with what. */
  readonly what: string
  /** Of one round; the median over all rounds counts. */
  ratio(round: Round): number
  readonly atMost: number
  /** What 0.1.0 had, where it was measured. */
  readonly before?: number
  /** How the ratio is written. @default `0.42×` */
  readonly unit?: 'times' | 'MB' | 's' | 'kB' | 'number'
}

export interface Prepared {
  readonly contenders: readonly Contender[]
  readonly bounds: readonly Bound[]
  /** Figures beside time, CPU and memory that the table shows. */
  readonly notes?: readonly string[]
  /** Sentences below the table. */
  readonly remarks?: readonly string[]
  close?(): void
}

export interface BenchCase {
  readonly name: string
  /** One sentence: what everybody does. */
  readonly work: string
  /** How often, unless the command line says otherwise. */
  readonly rounds: number
  /** @param folder empty, of this case alone */
  prepare(folder: string, product: Product): Promise<Prepared>
}

/** The product as users get it. */
export interface Product {
  /** Absolute path of the packed tarball. */
  readonly tarball: string
  /** Absolute path of the unpacked package. */
  readonly folder: string
}

/** Reads a figure that must be there. */
export function figure(round: Round, contender: string, name: string): number {
  const value = round[contender]?.[name]
  if (value === undefined) throw new Error(`${contender} told no ${name}.`)
  return value
}

export interface Comparison {
  readonly contender: string
  readonly peer: string
  /** Name of a figure. */
  readonly of: string
  /** The figure in words. */
  readonly words?: string
  readonly atMost: number
  readonly before?: number
}

/** The bound that one contender takes at most so many times of a figure of another. */
export function compare({ contender, peer, of, words, ...limits }: Comparison): Bound {
  return {
    what: `${words ?? WORDS[of] ?? of}, against ${peer}`,
    ratio: round => figure(round, contender, of) / figure(round, peer, of),
    ...limits,
  }
}

const WORDS: Readonly<Record<string, string>> = {
  wall: 'time',
  cpu: 'CPU',
  memory: 'peak memory',
}
