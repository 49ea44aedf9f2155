/** What an export writes, and where. Paths are absolute, or relative to `options.root`. */
export interface ExportOptions {
  /** The folder for pictures. It may hold other files: they are left alone. */
  readonly out: string
  /**
   * How pages name that folder: `/img/`, `https://cdn.example.com/img/`. Needed with `module`, `data`
   * and `html`.
   */
  readonly publicPath?: string
  /** A module to write, `.ts`, `.mts`, `.js` or `.mjs`: it exports the images of each manifest. */
  readonly module?: string
  /** A JSON file to write, in place of a module. */
  readonly data?: string
  /**
   * Writes a file of HTML for each image, with its `<picture>`.
   * @default false
   */
  readonly html?: boolean
  /** The manifests to export. @default every manifest that `include` and `exclude` select */
  readonly manifests?: readonly string[]
}

/** What an export did. Paths are relative to the root, with slashes. */
export interface ExportReport {
  /** How many images it wrote files for. */
  readonly images: number
  /** Files that are new or have another content. */
  readonly written: readonly string[]
  /** How many files were right already. */
  readonly unchanged: number
  /** Files of an earlier export that no image needs any more. */
  readonly removed: readonly string[]
  /** Files of an earlier export that would have been removed, and why they were not. */
  readonly left: readonly { readonly file: string; readonly reason: 'changed' | 'in use' }[]
  /** Sentences. */
  readonly warnings: readonly string[]
}
