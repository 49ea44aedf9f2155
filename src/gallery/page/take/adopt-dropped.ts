import type { GalleryImage } from '../../data/gallery-data.ts'
import { sentenceOf } from '../state/format.ts'
import type { GalleryStore } from '../state/gallery-store.ts'

/** Asks, and makes a file the picture of an image. */
export async function adoptDropped(
  { id }: GalleryImage,
  file: File,
  { studio, announcer, questions }: GalleryStore,
): Promise<void> {
  const agreed = await questions.ask({
    title: `Use ${file.name}?`,
    subject: `It becomes the picture of ${id.name} of ${id.manifest}.`,
    sentences: ['Nothing is requested. The pictures that are there now stay in the cache.'],
    agreed: 'Use this file',
  })
  if (!agreed) return
  try {
    const { problem } = await studio.adopt(id, file)
    if (problem === undefined) announcer.notify(`${id.name} shows ${file.name} now.`, 'done')
    else announcer.notify(problem, 'failed')
  } catch (error) {
    announcer.notify(sentenceOf(error), 'failed')
  }
}
