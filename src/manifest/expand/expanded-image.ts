import type { SourcePosition, Span } from '../source/source-text.ts'
import type { Layer } from './layers.ts'
import type { Scope } from './variables.ts'

/** One image of an expanded matrix, with its name and its layers. */
export interface ExpandedImage {
  readonly name: string
  readonly exportName: string
  /** The name that it was written under: `hero` of `hero-light`. */
  readonly writtenName: string
  /** The fields of the image itself. */
  readonly own: Layer
  /** `own` and all layers below it, the farthest first. */
  readonly layers: readonly Layer[]
  /** The nearest first. */
  readonly variables: Scope
  readonly at: SourcePosition
  readonly span: Span
}
