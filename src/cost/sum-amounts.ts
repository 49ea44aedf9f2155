/** Digits after the point that amounts are kept with: less than a token costs. */
const DIGITS = 9

/** An amount without the dust of binary fractions. */
export function roundAmount(amount: number): number {
  return Number(amount.toFixed(DIGITS))
}

/** 0.1 and 0.2 make 0.3. */
export function sumAmounts(amounts: Iterable<number>): number {
  let sum = 0
  for (const amount of amounts) sum += amount
  return roundAmount(sum)
}
