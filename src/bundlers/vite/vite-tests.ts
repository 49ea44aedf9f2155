import type { ViteDevServer } from 'vite'
import { withoutNetwork } from '../../config/without-network.ts'
import { renderLiveModule } from '../../dev/images/render-live-module.ts'
import { testAssetOf } from '../../dev/images/test-asset.ts'
import type { ImageAsset } from '../../module/image-asset.ts'
import type { InspectedImage } from '../../pipeline/inspect.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import { type Draft, drawDraft } from '../../renditions/draft/draft.ts'
import { stripQuery } from '../manifests/manifest-id.ts'
import type { PluginSession } from '../session/plugin-session.ts'
import { findQueriedImage, pickUrl } from '../urls/pick-url.ts'
import type { PictureQuery, QueryFault } from '../urls/picture-query.ts'

/** The modules of manifests while tests run. Requests, makes, serves and writes nothing. */
export interface ViteTests {
  load(file: string, addWatchFile: (file: string) => void): Promise<string>
  /** The URL of a picture that something names by a query. */
  urlOf(file: string, query: PictureQuery): Promise<string | QueryFault>
  /** Shows drafts to the browser of Vitest's browser mode. */
  serve(server: Pick<ViteDevServer, 'middlewares'>): void
}

export function createViteTests(session: PluginSession): ViteTests {
  const offline = new WeakMap<Pipeline, Promise<Pipeline>>()
  const drafts = new Map<string, Draft>()

  /** Under every mode and store, tests reach neither API nor bucket. */
  function open(pipeline: Pipeline): Promise<Pipeline> {
    const opened = offline.get(pipeline) ?? openOffline(pipeline)
    offline.set(pipeline, opened)
    return opened
  }

  function assetOf(image: InspectedImage, images: readonly InspectedImage[]): ImageAsset {
    const { name } = image.planned.id
    return testAssetOf(image, images, (url, { width, height }) => {
      drafts.set(url, { name, width, height, state: 'missing' })
    })
  }

  return {
    async load(file, addWatchFile) {
      addWatchFile(file)
      const pipeline = await open(await session.pipeline())
      for (const watched of await pipeline.watchFilesOf(file)) addWatchFile(watched)
      const inspected = await pipeline.inspect(file)
      return renderLiveModule(inspected, { assetOf: image => assetOf(image, inspected.images) })
    },
    async urlOf(file, query) {
      const pipeline = await open(await session.pipeline())
      const { manifest, images } = await pipeline.inspect(file)
      const found = findQueriedImage(manifest, query)
      if ('message' in found) return found
      const image = images.find(({ planned }) => planned.id.name === query.image)
      return image
        ? pickUrl(assetOf(image, images), query)
        : { message: `${manifest.path} has no image "${query.image}".` }
    },
    serve({ middlewares }) {
      middlewares.use((request, response, next) => {
        const draft = drafts.get(stripQuery(request.url ?? ''))
        if (!draft) return next()
        response.setHeader('content-type', 'image/svg+xml')
        response.end(drawDraft(draft))
      })
    },
  }
}

async function openOffline({ options }: Pipeline): Promise<Pipeline> {
  const { createPipeline } = await import('../../pipeline/engine/create-pipeline.ts')
  return createPipeline(withoutNetwork(options))
}
