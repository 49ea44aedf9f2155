/** Pictures that code of a server names, while the build writes them nowhere. */
export interface LostPictures {
  /**
   * Takes what one environment's output refers to.
   * @returns the names that no output has now that pages are built too, each once, by environment
   */
  add(output: EnvironmentOutput): ReadonlyMap<string, readonly string[]>
}

export interface EnvironmentOutput {
  readonly environment: string
  readonly isForPages: boolean
  /** Names of pictures that its code refers to. */
  readonly named: readonly string[]
  isWritten(name: string): boolean
}

/** Environments are built in any order; what a server names is known to be lost after the pages. */
export function createLostPictures(): LostPictures {
  const written = new Set<string>()
  const missing = new Map<string, string>()
  let hasPages = false
  return {
    add({ environment, isForPages, named, isWritten }) {
      hasPages ||= isForPages
      for (const name of named) {
        if (isWritten(name)) written.add(name)
        else missing.set(name, environment)
      }
      const lost = new Map<string, string[]>()
      if (!hasPages) return lost
      for (const [name, where] of missing) {
        missing.delete(name)
        if (!written.has(name)) lost.set(where, [...(lost.get(where) ?? []), name])
      }
      return lost
    },
  }
}

/** What to set, for people. */
export function describeLostPictures(environment: string, names: readonly string[]): string {
  return `Only code of the environment ${environment} refers to ${names.join(', ')}, and Vite does not write the files of that environment: their URLs lead nowhere. Set \`environments: { ${environment}: { build: { emitAssets: true } } }\` and serve its files, or use these images in code for pages too.`
}
