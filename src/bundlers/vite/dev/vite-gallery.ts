import { randomBytes } from 'node:crypto'
import { normalize } from 'node:path'
import type { Connect, ResolvedConfig, ViteDevServer, WebSocketClient } from 'vite'
import type { DevImages } from '../../../dev/dev-images.ts'
import type { FileServer, Next } from '../../../dev/serving/file-server.ts'
import type { OwnNames } from '../../../dev/serving/requester.ts'
import type { GalleryLive } from '../../../gallery/server/gallery-live.ts'
import { createLazy } from '../../../system/lazy.ts'
import { toSlashes } from '../../../system/project-path.ts'
import { shownError } from '../../../text/shown-text.ts'
import { MANIFEST_ID } from '../../manifests/manifest-id.ts'
import { createGalleryFollowers } from './gallery-followers.ts'

export interface ViteGalleryOptions {
  readonly config: ResolvedConfig
  readonly server: ViteDevServer
  readonly files: FileServer
  /** Names that the server's configuration gives to the project. */
  readonly own: OwnNames
  /** Whether somebody opened a connection who may see manifests' texts. */
  isTrusted(client: WebSocketClient): boolean
  open(): Promise<DevImages>
  onError(error: Error): void
}

export interface ViteGallery {
  readonly middleware: Connect.NextHandleFunction
  /** Something changed on disk. */
  changed(event: string, file: string): void
  close(): void
}

/** The gallery at `<base>__imagegen/`. Loads nothing before somebody opens it. */
export function createViteGallery(options: ViteGalleryOptions): ViteGallery {
  const { config, server, files, own, isTrusted, open, onError } = options
  const path = `${config.base}__imagegen/`
  const token = randomBytes(32).toString('hex')
  let live: GalleryLive | undefined

  const followers = createGalleryFollowers(server, token, isTrusted)

  const start = createLazy(async () => {
    const [images, { createGallery }] = await Promise.all([
      open(),
      import('../../../gallery/server/create-gallery.ts'),
    ])
    const gallery = createGallery({
      images,
      path,
      viteClient: `${config.base}@vite/client`,
      token,
      allowed: { ...own, access: images.pipeline.options.dev.access },
      urlOf(file) {
        files.add(file)
        // Relative to the page, whose policy lets it load from its own origin only.
        return `assets/${file.identifier}`
      },
      editorUrl: (file, line, column) =>
        `${config.base}__open-in-editor?file=${encodeURIComponent(`${file}:${line}:${column}`)}`,
      importersOf: file => importersOf(server, file),
      onUpdate: followers.tell,
      onError,
    })
    live = gallery.live
    return gallery.middleware
  })

  return {
    middleware(request, response, next: Next) {
      const pathname = (request.url ?? '').replace(/[?#].*$/, '')
      if (pathname !== path.slice(0, -1) && !pathname.startsWith(path)) return next()
      start()
        .then(middleware => middleware(request, response, next))
        .catch(error => next(shownError(error)))
    },
    changed(event, file) {
      if ((event === 'add' || event === 'unlink') && MANIFEST_ID.test(file)) live?.discover()
    },
    close: () => live?.close(),
  }
}

/** The modules that import a file, among those that the server has loaded. */
function importersOf({ moduleGraph }: ViteDevServer, file: string): readonly string[] {
  const nodes = moduleGraph.getModulesByFile(toSlashes(file)) ?? []
  const importers = [...nodes].flatMap(node =>
    [...node.importers].flatMap(other => other.file ?? []),
  )
  return [...new Set(importers.map(importer => normalize(importer)))]
}
