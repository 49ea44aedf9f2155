/** Headers of an answer as they came; names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** The value of a header; of a repeated one, the first. */
export function headerText(headers: AnswerHeaders, name: string): string | undefined {
  const value = headers[name]
  return (typeof value === 'string' ? value : value?.[0])?.trim()
}
