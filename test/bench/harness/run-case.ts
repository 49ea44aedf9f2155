import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { BenchCase, Prepared, Product, Round } from './bench-case.ts'
import { type Figures, measure } from './measure.ts'

export interface CaseResult {
  readonly benchCase: BenchCase
  readonly prepared: Prepared
  readonly rounds: readonly Round[]
}

/** All contenders in turn, round after round, so that a busy machine is busy for everybody. */
export async function runCase(
  benchCase: BenchCase,
  product: Product,
  scratch: string,
  rounds: number,
  log: (line: string) => void,
): Promise<CaseResult> {
  const folder = path.join(scratch, benchCase.name)
  await mkdir(folder, { recursive: true })
  log(`${benchCase.name}: ${benchCase.work}`)
  const prepared = await benchCase.prepare(folder, product)
  try {
    const measured: Round[] = []
    for (let round = 1; round <= rounds; round++) {
      const figures: Record<string, Figures> = {}
      for (const contender of prepared.contenders) {
        await contender.reset?.()
        figures[contender.name] = await measure(contender)
        const { wall = 0, cpu = 0 } = figures[contender.name] ?? {}
        log(
          `  ${round}/${rounds} ${contender.name}: ${Math.round(wall)} ms, CPU ${Math.round(cpu)} ms`,
        )
      }
      measured.push(figures)
    }
    return { benchCase, prepared, rounds: measured }
  } finally {
    prepared.close?.()
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2
}
