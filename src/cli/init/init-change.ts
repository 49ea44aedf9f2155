/** One file that `imagegen init` writes. */
export interface InitChange {
  /** Relative to the root, with slashes. */
  readonly file: string
  readonly action: 'create' | 'edit'
  /** What for, as the end of a sentence. */
  readonly what: string
  readonly content: string
}
