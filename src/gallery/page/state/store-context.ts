import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { GalleryData } from '../../data/gallery-data.ts'
import type { GalleryStore } from './gallery-store.ts'

export const StoreContext = createContext<GalleryStore | undefined>(undefined)

export function useStore(): GalleryStore {
  const store = useContext(StoreContext)
  if (!store) throw new Error('This component is used outside of the gallery.')
  return store
}

/** The loaded data. Components that use it are drawn once it is there. */
export function useData(): GalleryData {
  const data = useStore().data.value
  if (!data) throw new Error('This component is used before the gallery is loaded.')
  return data
}
