/** Looks one variable up. Handed in wherever a value of the environment is needed. */
export type ReadVariable = (name: string) => string | undefined

/** The only place that reads the process's environment. Empty variables count as unset. */
export const readProcessVariable: ReadVariable = name => process.env[name] || undefined
