import { createManifestChanges } from './changes/manifest-changes.ts'
import { createGalleryLive, type GalleryLive, type GalleryLiveOptions } from './gallery-live.ts'
import { createGalleryStudio } from './gallery-studio.ts'
import { createGalleryServer, type GalleryServerOptions } from './http/gallery-server.ts'
import type { UsageDeps } from './usage/read-usage.ts'

/** The gallery of a development server. */
export interface Gallery {
  readonly live: GalleryLive
  readonly middleware: ReturnType<typeof createGalleryServer>
}

export type GalleryOptions = Omit<GalleryLiveOptions, 'changes'> &
  Omit<GalleryServerOptions, 'studio' | 'live'> &
  Pick<UsageDeps, 'importersOf'>

export function createGallery(options: GalleryOptions): Gallery {
  const changes = createManifestChanges(options.images.pipeline.options)
  const live = createGalleryLive({ ...options, changes })
  const studio = createGalleryStudio({ ...options, changes, budget: live.budget })
  return { live, middleware: createGalleryServer({ ...options, studio, live }) }
}
