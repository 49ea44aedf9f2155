import { createDevImages, type DevImages } from '../../../dev/dev-images.ts'
import type { DevEvent } from '../../../dev/images/dev-manifest.ts'
import { createGivenAssets, type GivenAssets } from '../../../dev/images/given-assets.ts'
import { createFileStore, type FileStore } from '../../../dev/serving/file-server.ts'
import type { InternalPipeline } from '../../../pipeline/pipeline.ts'

/**
 * What the development servers of one plugin instance share. Nuxt has one server for pages and one
 * that renders them: the URLs that the latter writes are asked of the former.
 */
export interface SharedDev {
  readonly files: FileStore
  /** The assets that pages were given. */
  readonly given: GivenAssets
  /** The images of a pipeline, for one more server. */
  join(pipeline: InternalPipeline, listener: (event: DevEvent) => void): SharedImages
}

export interface SharedImages {
  readonly images: DevImages
  /** Whether this server is the one that logs what concerns all of them. */
  isFirst(): boolean
  /** The last server that leaves closes the images. */
  leave(): void
}

export function createSharedDev(): SharedDev {
  const opened = new WeakMap<InternalPipeline, { images: DevImages; members: symbol[] }>()
  return {
    files: createFileStore(),
    given: createGivenAssets(),
    join(pipeline, listener) {
      const known = opened.get(pipeline)
      const { images, members } = known ?? { images: createDevImages(pipeline), members: [] }
      if (!known) opened.set(pipeline, { images, members })
      const member = Symbol('server')
      members.push(member)
      const unsubscribe = images.on(listener)
      return {
        images,
        isFirst: () => members[0] === member,
        leave() {
          unsubscribe()
          const index = members.indexOf(member)
          if (index >= 0) members.splice(index, 1)
          if (members.length > 0) return
          opened.delete(pipeline)
          images.close()
        },
      }
    },
  }
}
