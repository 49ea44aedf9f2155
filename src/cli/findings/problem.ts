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
