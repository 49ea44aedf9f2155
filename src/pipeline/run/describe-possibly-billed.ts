/**
 * What every face says of attempts that were sent again although their outcome is not known.
 * @param attempts `possiblyBilledTwice` of a run
 */
export function describePossiblyBilled(attempts: number): string {
  const many = attempts === 1 ? '1 attempt' : `${attempts} attempts`
  return `${many} may have been billed in addition to those that returned a picture.`
}
