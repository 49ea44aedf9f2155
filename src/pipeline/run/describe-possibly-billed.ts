/**
 * What every face says of attempts whose outcome is not known and that were sent again.
 * @param attempts `possiblyBilledTwice` of a run
 */
export function describePossiblyBilled(attempts: number): string {
  const many = attempts === 1 ? '1 attempt' : `${attempts} attempts`
  return `${many} may have been billed beside those that brought a picture.`
}
