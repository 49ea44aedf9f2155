import type { ParsedText } from '../../schema/written-manifest.ts'
import type { Faults } from '../../source/faults.ts'
import type { ExpandedImage } from '../expanded-image.ts'
import type { Placed } from '../layers.ts'

export interface ReferenceContext {
  readonly own: ParsedText
  readonly expanded: readonly ExpandedImage[]
  /** Absolute path of the manifest. */
  readonly file: string
  readonly root: string
  /** Absolute path of the folder that must hold what the manifest names. */
  readonly within: string
  readonly faults: Faults
}

/** Puts the values of variables into a text. */
export type Fill = (text: Placed<string>) => string

/** One reference as it is resolved. */
export interface Resolution extends ReferenceContext {
  /** Names of the images of this manifest. */
  readonly names: ReadonlySet<string>
  /** The image that refers. */
  readonly image: ExpandedImage
  readonly fill: Fill
}

/** Reports a fault at a place of the manifest that refers. */
export function report(
  { yaml, path }: Placed<unknown>,
  { faults }: Pick<Resolution, 'faults'>,
  message: string,
  hint?: string,
): void {
  faults.add(yaml.source.diagnostic(yaml.valueSpan(path), message, hint))
}
