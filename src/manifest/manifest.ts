import type { OutputSettings } from '../config/output-settings.ts'
import type { Json } from '../system/json.ts'
import type { ImageId } from './image-id.ts'
import type { SourceExcerpt, SourcePosition } from './source/source-text.ts'

export type {
  CropPosition,
  CropStrategy,
  Fit,
  FixedFile,
  IconPurpose,
  OutputSettings,
  PlaceholderKind,
  RasterFormat,
} from '../config/output-settings.ts'

/** What an image refers to: a file of the project, or another image. */
export type ManifestReference = FileReference | ImageReference

/** Of a picture file. */
export interface FileReference extends PlacedFile {
  readonly kind: 'file'
  readonly mask?: PlacedFile
}

/** Of another image. */
export interface ImageReference {
  readonly kind: 'image'
  readonly image: ImageId
  readonly at: SourcePosition
  readonly mask?: PlacedFile
  /** Only until the package is searched. */
  readonly package?: { readonly specifier: string; readonly isSingle: boolean }
}

/** A file that a manifest names. */
export interface PlacedFile {
  /** Absolute. The file may not exist. */
  readonly path: string
  readonly at: SourcePosition
  /** Absolute path of the folder that must hold it, where that is a package's and not the root. */
  readonly within?: string
  /** Only until the package is searched. */
  readonly package?: { readonly specifier: string }
}

/** What an image shows under a media query. */
export interface ImageVariant {
  readonly name: string
  /** A media query. */
  readonly media: string
  /** Whose picture it is: the image's own, or that of another image of its manifest. */
  readonly picture: ImageId
  /** Complete: merged over that of the image. */
  readonly output: OutputSettings
}

/** One image, with defaults, variables and matrix applied. */
export interface ManifestImage {
  readonly id: ImageId
  /** The JavaScript identifier that it is exported as. */
  readonly exportName: string
  /** The prompt as it is sent: variables filled in, style joined. Empty: it has a source only. */
  readonly prompt: string
  /** A picture of the project, which takes the place of a generated one. */
  readonly source?: PlacedFile
  readonly size: string
  /** One of the options' `providers`. Absent: the one of `provider`. */
  readonly provider?: string
  /** Absent: the provider's default model. */
  readonly model?: string
  readonly references: readonly ManifestReference[]
  readonly revision: number
  /** Further fields of the API, passed as they are. */
  readonly params: Readonly<Record<string, ParamValue>>
  readonly alt?: string
  readonly output: OutputSettings
  /** In the order of the manifest; never empty. */
  readonly variants?: readonly ImageVariant[]
  /** What 0.1.0 sent for the same text, if that was different: its picture is still good. */
  readonly earlier?: SentText
  /** Where the image's name stands (for a single image: where the prompt stands). */
  readonly at: SourcePosition
  /** Where `output.file`, else `output.files`, stands, if the image has one: perhaps in a manifest that this one extends. */
  readonly fileAt?: SourceExcerpt
}

/** The parts of a request that come from the text of a manifest. */
export type SentText = Pick<ManifestImage, 'prompt' | 'params'>

/** A value of `params`, sent as it is. */
export type ParamValue = Json

/** A manifest as it was parsed, with defaults, variables and matrix applied. */
export interface Manifest {
  /** Path relative to the project root, with forward slashes. */
  readonly path: string
  /** True when `prompt` stands at the root: the default export is the image itself. */
  readonly single: boolean
  readonly images: readonly ManifestImage[]
  /** Other manifests whose `defaults` were read, relative to the root, the farthest first: editing them changes this one. */
  readonly extends: readonly string[]
}
