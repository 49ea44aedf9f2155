import type { ImageId } from '../../../../manifest/image-id.ts'
import {
  FILE_NAME_HEADER,
  type GalleryCrops,
  type GalleryHistory,
  type GalleryUsage,
  type GalleryWords,
  type GalleryWordsChange,
  type GalleryWordsCheck,
  type GalleryWordsSave,
  type GalleryWritten,
  TOKEN_HEADER,
} from '../../../data/gallery-exchanges.ts'
import type { GalleryAction } from '../../../server/gallery-action.ts'
import type { GallerySource } from './gallery-source.ts'

type WithoutToken<T> = Omit<T, 'token'>

/** What the page can ask of its development server. Everything rejects with the server's words. */
export interface Studio {
  act(action: GalleryAction): Promise<void>
  words(image: ImageId): Promise<GalleryWords>
  check(change: WithoutToken<GalleryWordsChange>): Promise<GalleryWordsCheck>
  save(save: WithoutToken<GalleryWordsSave>): Promise<GalleryWritten>
  /** @param change ID of a change that the page wrote */
  undo(change: string): Promise<GalleryWritten>
  adopt(image: ImageId, file: File): Promise<GalleryWritten>
  history(image: ImageId): Promise<GalleryHistory>
  usage(): Promise<GalleryUsage>
  crops(image: ImageId): Promise<GalleryCrops>
  /** The manifest's JSON Schema. */
  schema(): Promise<unknown>
}

/** @param token a server that was restarted has another one */
export function createStudio({ request }: GallerySource, token: () => string): Studio {
  const post = <T>(address: string, body: object): Promise<T> =>
    request(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...body, token: token() }),
    })
  return {
    act: action => post('actions', action),
    words: image => request(`words?${queryOf(image)}`),
    check: change => post('words/check', change),
    save: save => post('words/save', save),
    undo: change => post('undo', { change }),
    adopt: (image, file) =>
      request(`adopt?${queryOf(image)}`, {
        method: 'PUT',
        headers: {
          'Content-Type': 'application/octet-stream',
          [TOKEN_HEADER]: token(),
          [FILE_NAME_HEADER]: encodeURIComponent(file.name),
        },
        body: file,
      }),
    history: image => request(`history?${queryOf(image)}`),
    usage: () => request('usage'),
    crops: image => request(`crops?${queryOf(image)}`),
    schema: () => request('schema.json'),
  }
}

function queryOf({ manifest, name }: ImageId): URLSearchParams {
  return new URLSearchParams({ manifest, name })
}
