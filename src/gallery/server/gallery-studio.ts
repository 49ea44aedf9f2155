import type { DevImages } from '../../dev/dev-images.ts'
import type { ImageId } from '../../manifest/image-id.ts'
import type { GalleryBudget } from '../data/gallery-data.ts'
import type {
  GalleryUndo,
  GalleryWords,
  GalleryWordsChange,
  GalleryWordsCheck,
  GalleryWordsSave,
  GalleryWritten,
} from '../data/gallery-exchanges.ts'
import { readManifestText } from './checks/open-image.ts'
import type { GalleryAction } from './gallery-action.ts'
import { performAction } from './perform-action.ts'
import { checkWords } from './words/check-words.ts'
import type { ManifestChanges } from './words/manifest-changes.ts'
import { readWords } from './words/read-words.ts'
import { saveWords } from './words/save-words.ts'

/** What the page of a development server can do beside showing. Nothing here checks who asks. */
export interface GalleryStudio {
  act(action: GalleryAction): Promise<void>
  words(image: ImageId): Promise<GalleryWords>
  check(change: Omit<GalleryWordsChange, 'token'>): Promise<GalleryWordsCheck>
  save(save: Omit<GalleryWordsSave, 'token'>): Promise<GalleryWritten>
  undo(undo: Omit<GalleryUndo, 'token'>): Promise<GalleryWritten>
}

export interface GalleryStudioOptions {
  readonly images: DevImages
  readonly changes: ManifestChanges
  editorUrl(file: string, line: number, column: number): string
  budget(): Promise<{ readonly budget?: GalleryBudget }>
  /** Told what goes wrong after an answer was given. */
  onError(error: Error): void
}

export function createGalleryStudio(options: GalleryStudioOptions): GalleryStudio {
  const { images, changes } = options
  return {
    act: action => performAction(action, options),
    words: image => readWords(image, options),
    check: change => checkWords(change, options),
    save: save => saveWords(save, options),
    async undo({ change }) {
      const file = await changes.undo(change)
      await images.refresh(file)
      const { digest } = await readManifestText(file)
      return { digest }
    },
  }
}
