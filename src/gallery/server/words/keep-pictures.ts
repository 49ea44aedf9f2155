import type { DevImages } from '../../../dev/dev-images.ts'
import { imageKey } from '../../../manifest/image-id.ts'
import type { DecidedRequest } from '../../../originals/decisions/decide.ts'
import type { Original } from '../../../originals/original.ts'
import { neededRequests, type PlannedWords } from './plan-words.ts'

/** A picture that is there, and the request that it would stay for. */
export interface KeepablePicture {
  readonly wanted: DecidedRequest
  readonly original: Original
}

/** The pictures that could stay for the new words. Another revision asks for another picture. */
export function findKeepablePictures({
  preview,
  manifest,
}: PlannedWords): readonly KeepablePicture[] {
  const shown = new Map(
    manifest.images.map(image => [imageKey(image.planned.id), originalOf(image)] as const),
  )
  return neededRequests(preview).flatMap(({ planned: { id, key, request }, because }) => {
    const original = shown.get(imageKey(id))
    if (because !== 'words' || key === undefined || !request || !original) return []
    if (original.entry.request.revision !== request.revision) return []
    return [{ wanted: { key, request, image: id }, original }]
  })
}

type ShownImage = PlannedWords['manifest']['images'][number]

/** Of its own request, else the one that pages show until that is there. */
function originalOf({ picture, live: { shown } }: ShownImage): Original | undefined {
  return picture?.original ?? (shown.kind === 'picture' ? shown.original : undefined)
}

/**
 * Lets pictures stay for other words, before those are written: then nothing is ever missing.
 * @returns the function that takes it back
 */
export async function keepPictures(
  pictures: readonly KeepablePicture[],
  { pipeline: { originals } }: DevImages,
): Promise<() => Promise<void>> {
  const { decisions } = originals
  const kept: DecidedRequest[] = []
  const undo = async (): Promise<void> => {
    for (const wanted of kept) await decisions.undo(wanted, { kind: 'kept' })
  }
  try {
    for (const { wanted, original } of pictures) {
      const { outcome } = await decisions.keep(wanted, original.entry.key)
      if (outcome === 'stored') kept.push(wanted)
    }
  } catch (error) {
    await undo()
    throw error
  }
  return undo
}
