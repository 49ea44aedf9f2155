import type { Variables } from '../schema/request-schema.ts'

/** The most images that a matrix may make of one. */
export const MAX_COMBINATIONS = 256

/** The most axes of a matrix: eight axes of two values make 256 combinations. */
export const MAX_AXES = 16

export type Matrix = Readonly<Record<string, readonly (string | number)[]>>

export interface Combination {
  /** The image's name with a part for each axis: `hero-light-en`. */
  readonly name: string
  readonly values: Variables
}

/** Counts the images that a matrix makes, without making them. */
export function countCombinations(matrix: Matrix): number {
  return Object.values(matrix).reduce((count, values) => count * values.length, 1)
}

/** Every combination of the axes' values, the last axis changing fastest. */
export function expandMatrix(name: string, matrix: Matrix): readonly Combination[] {
  let combinations: readonly Combination[] = [{ name, values: {} }]
  for (const [axis, values] of Object.entries(matrix)) {
    combinations = combinations.flatMap(combination =>
      values.map(value => ({
        name: `${combination.name}-${toNamePart(value)}`,
        values: { ...combination.values, [axis]: value },
      })),
    )
  }
  return combinations
}

/** `dark blue` → `dark-blue`; empty when the value has neither letter nor digit. */
export function toNamePart(value: string | number): string {
  return String(value)
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
}
