import * as v from 'valibot'

/** Text, which may be empty. */
export const text = (description: string, ...examples: string[]) =>
  v.pipe(v.string(), v.description(description), v.examples(examples))

/** Text that says something. */
export const filled = (description: string, ...examples: string[]) =>
  v.pipe(
    v.string(),
    v.regex(/\S/),
    v.description(description),
    v.examples(examples),
    v.metadata({ patternErrorMessage: 'This is empty.' }),
  )
