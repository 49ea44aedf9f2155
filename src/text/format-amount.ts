/** `0.04 USD`, `0.0385 USD`, `12 JPY`: as many digits as the currency has, more where an amount has them. */
export function formatAmount(amount: number, currency: string): string {
  const { minimumFractionDigits = 2 } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions()
  const digits = new Intl.NumberFormat('en', {
    useGrouping: false,
    minimumFractionDigits,
    maximumFractionDigits: Math.max(6, minimumFractionDigits),
  })
  return `${digits.format(amount)} ${currency}`
}
