/** The text of a file. */
export interface TextFile {
  /** Absolute path. */
  readonly file: string
  readonly text: string
}
