import type { ManifestError } from '../../errors/manifest-error.ts'

/** One thing that `imagegen check` found wrong, and where to put it right. */
export interface Problem {
  /** Path relative to the project root, with forward slashes. */
  readonly file: string
  /** Both count from 1. */
  readonly line: number
  readonly column: number
  readonly image?: string
  /** For programs: an error's code, or `TYPES_STALE`, `SCHEMA_STALE`. */
  readonly code: string
  readonly message: string
}

/** The faults of manifests, one by one. */
export function problemsIn({ code, diagnostics }: ManifestError): readonly Problem[] {
  return diagnostics.map(({ file, line, column, message, hint }) => {
    return { file, line, column, code, message: hint ? `${message} ${hint}` : message }
  })
}
