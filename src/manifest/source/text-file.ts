/** The text of a file. */
export interface TextFile {
  /** Absolute path. */
  readonly file: string
  readonly text: string
  /**
   * Absolute path of the folder that must hold whatever the text names: a package's. Absent: the
   * project's root.
   */
  readonly within?: string
}
