import { type Diagnostic, ManifestError } from '../../errors/manifest-error.ts'

/** The most reports to show; a line after them counts the others. */
const MAX_REPORTED = 100

/** Collects the faults of a manifest, so that all of them are reported at once. */
export interface Faults {
  readonly any: boolean
  add(fault: Diagnostic): void
  /** @throws ManifestError when there are faults, in the order of the source. */
  throwIfAny(): void
}

/**
 * Collects faults of a file that does not look like a manifest. It may be anything, even a list of
 * passwords, so that reports give places and quote nothing.
 */
export function withoutQuotes(faults: Faults): Faults {
  return {
    get any() {
      return faults.any
    },
    throwIfAny: () => faults.throwIfAny(),
    add: ({ file, line, column }) =>
      faults.add({
        file,
        line,
        column,
        message: 'This is not valid in a manifest.',
        hint: 'The line is hidden, because the file does not look like a manifest.',
        frame: '',
      }),
  }
}

export function createFaults(): Faults {
  // A fault of the defaults appears in every image: one report is enough.
  const faults = new Map<string, Diagnostic>()
  return {
    get any() {
      return faults.size > 0
    },
    add(fault) {
      const { file, line, column, message } = fault
      const identity = `${file}:${line}:${column} ${message}`
      if (!faults.has(identity)) faults.set(identity, fault)
    },
    throwIfAny() {
      if (faults.size === 0) return
      const files = [...new Set([...faults.values()].map(({ file }) => file))]
      const sorted = [...faults.values()].sort(
        (a, b) =>
          files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
      )
      const last = sorted[MAX_REPORTED - 1]
      if (sorted.length > MAX_REPORTED && last) {
        sorted[MAX_REPORTED - 1] = {
          ...last,
          hint: `${last.hint ?? ''} ${sorted.length - MAX_REPORTED} more faults follow.`.trim(),
        }
      }
      throw new ManifestError(sorted.slice(0, MAX_REPORTED))
    },
  }
}
