import type { BigIntStats, Stats } from 'node:fs'

/**
 * A file that changed less than this long ago, in milliseconds, may change again without its times
 * telling: the coarsest file systems count in steps of two seconds.
 */
const SETTLED = 2_500

/**
 * Whether a later change of a file would show in its times, so that its content can be remembered
 * by them. `ctime` decides: programs can't set it.
 * @param now milliseconds of the calendar that the file's times are of
 */
export function isSettled(
  { ctimeMs }: Pick<BigIntStats, 'ctimeMs'> | Pick<Stats, 'ctimeMs'>,
  now: number,
): boolean {
  return now - Number(ctimeMs) > SETTLED
}
