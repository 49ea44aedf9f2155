import { ImagegenError } from './imagegen-error.ts'

/** One fault of a manifest. Lines and columns count from 1, columns in UTF-16 units as editors do. */
export interface Diagnostic {
  /** Manifest path relative to the project root, with forward slashes. */
  readonly file: string
  readonly line: number
  readonly column: number
  /** What is wrong, as a sentence without the position. */
  readonly message: string
  /** What to write instead. */
  readonly hint?: string
  /** The source line with a caret below the fault. */
  readonly frame: string
}

/** A manifest has faults. `message` shows all of them, each with its position and source line. */
export class ManifestError extends ImagegenError {
  readonly code = 'MANIFEST_INVALID'
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: readonly Diagnostic[], options?: ErrorOptions) {
    super(diagnostics.map(renderDiagnostic).join('\n\n'), options)
    this.diagnostics = diagnostics
  }
}

function renderDiagnostic({ file, line, column, message, hint, frame }: Diagnostic): string {
  const head = `${file}:${line}:${column} ${message}`
  return [hint ? `${head} ${hint}` : head, frame].filter(Boolean).join('\n')
}
