import pLimit from 'p-limit'
import type { ImageId } from '../../manifest/image-id.ts'
import { findCrops } from '../data/description/describe-crops.ts'
import type { GalleryBudget } from '../data/gallery-data.ts'
import type {
  GalleryCrops,
  GalleryHistory,
  GalleryUndo,
  GalleryUsage,
  GalleryWords,
  GalleryWordsChange,
  GalleryWordsCheck,
  GalleryWordsSave,
  GalleryWritten,
} from '../data/gallery-exchanges.ts'
import { adoptUpload, type UploadedFile } from './adopting/adopt-upload.ts'
import type { ManifestChanges } from './changes/manifest-changes.ts'
import { openImage, readManifestText } from './checks/open-image.ts'
import type { GalleryAction } from './gallery-action.ts'
import { readWordsHistory } from './history/read-words-history.ts'
import { performAction } from './perform-action.ts'
import { readUsage, type UsageDeps } from './usage/read-usage.ts'
import { checkWords } from './words/check-words.ts'
import { readWords } from './words/read-words.ts'
import { saveWords } from './words/save-words.ts'

/** What the page of a development server can do beside showing. Nothing here checks who asks. */
export interface GalleryStudio {
  act(action: GalleryAction): Promise<void>
  words(image: ImageId): Promise<GalleryWords>
  check(change: Omit<GalleryWordsChange, 'token'>): Promise<GalleryWordsCheck>
  save(save: Omit<GalleryWordsSave, 'token'>): Promise<GalleryWritten>
  undo(undo: Omit<GalleryUndo, 'token'>): Promise<GalleryWritten>
  adopt(image: ImageId, file: UploadedFile): Promise<GalleryWritten>
  history(image: ImageId): Promise<GalleryHistory>
  usage(): Promise<GalleryUsage>
  crops(image: ImageId): Promise<GalleryCrops>
}

export interface GalleryStudioOptions extends UsageDeps {
  readonly changes: ManifestChanges
  budget(): Promise<{ readonly budget?: GalleryBudget }>
  /** Told what goes wrong after an answer was given. */
  onError(error: Error): void
}

export function createGalleryStudio(options: GalleryStudioOptions): GalleryStudio {
  const { images, changes } = options
  // One after the other, so that of two tabs the second one sees what the first one wrote.
  const writing = pLimit(1)
  return {
    act: action => writing(() => performAction(action, options)),
    words: image => readWords(image, options),
    check: change => checkWords(change, options),
    save: save => writing(() => saveWords(save, options)),
    undo: ({ change }) =>
      writing(async () => {
        const file = await changes.undo(change)
        await images.refresh(file)
        const { digest } = await readManifestText(file)
        return { digest }
      }),
    adopt: (image, file) => writing(() => adoptUpload(image, file, options)),
    history: image => readWordsHistory(image, images),
    usage: () => readUsage(options),
    crops: image => readCrops(image, images),
  }
}

/** Decodes the picture where a strategy has not placed a crop yet. @throws ActionRefusedError */
async function readCrops(id: ImageId, images: UsageDeps['images']): Promise<GalleryCrops> {
  const { image } = await openImage(id, images)
  const { planned, picture } = image
  const crops = picture
    ? await findCrops(planned.image, picture.source, images.pipeline.renditions)
    : []
  return { crops }
}
