import type { Generation } from '../../dev/images/generation.ts'
import type { ServedFile } from '../../dev/images/served-file.ts'
import type { ImageId } from '../../manifest/image-id.ts'
import type { Original } from '../../originals/original.ts'
import type { InspectedImage } from '../../pipeline/inspect.ts'
import type { EarlierVersion } from '../../pipeline/keep/earlier-versions.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import type { GalleryCosts } from './gallery-costs.ts'
import type { StoredPicture, StoredPictures } from './stored-pictures.ts'

/** What images and pictures are described from. */
export interface GalleryContext {
  readonly pipeline: Pick<Pipeline, 'options' | 'originals' | 'renditions'>
  readonly stored: StoredPictures
  readonly costs: GalleryCosts
  /** Makes a file available and returns its URL. */
  urlOf(file: ServedFile): string
  editorUrl?(file: string, line: number, column: number): string
  /** The picture of an image that another one refers to, if it is there. */
  pictureOf(id: ImageId): InspectedImage['picture'] | undefined
  /** Of an original, relative to the project root. */
  pathOf?(original: Original): string
  /** What pages show of an image without a picture. */
  draftOf?(image: InspectedImage): ServedFile
  generationOf?(image: InspectedImage): Generation | undefined
  /** What pages still show as long as the current request has no picture. */
  shownOf?(image: InspectedImage): InspectedImage['picture'] | undefined
  /** The original that looks like the earlier version of an image, if that could stay. */
  earlierVersionOf?(id: ImageId): EarlierVersion | undefined
  /** Pictures of earlier requests of an image. */
  earlierOf?(id: ImageId): readonly StoredPicture[]
}
