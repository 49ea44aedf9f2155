import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Compiler as WebpackCompiler } from 'webpack'
import { createDevImages, type DevImages } from '../../dev/dev-images.ts'
import type { DevManifest } from '../../dev/images/dev-manifest.ts'
import { assetOf } from '../../dev/images/live-image.ts'
import { renderLiveModule } from '../../dev/images/render-live-module.ts'
import type { ServedFile } from '../../dev/images/served-file.ts'
import { clientCodePath } from '../../dev/serving/client-code.ts'
import { writeAtomically } from '../../system/files/write-atomically.ts'
import { createLazy } from '../../system/lazy.ts'
import { shownText } from '../../text/shown-text.ts'
import type { PluginSession } from '../session/plugin-session.ts'
import { findQueriedImage, pickUrl } from '../urls/pick-url.ts'
import type { PictureQuery, QueryFault } from '../urls/picture-query.ts'

/** The loader of one manifest hands this over. */
export interface WebpackDevHost {
  /** Where images go, with a slash at its end unless it is empty. */
  readonly folder: string
  addWatchFile(file: string): void
  emitFile(name: string, bytes: Buffer): void
  /** The module is made anew in every compilation. */
  dontCache(): void
}

/** A compiler that watches and takes hot updates: drafts first, pictures when they are there. */
export interface WebpackDev {
  load(file: string, host: WebpackDevHost): Promise<string>
  /** The file that a URL leads to now. Waits for no picture. */
  findFile(file: string, query: PictureQuery, from: UrlUse): Promise<NamedFile | QueryFault>
  /** True while images are being generated. */
  close(): boolean
}

/** Where a URL of a picture stands. */
export interface UrlUse {
  /** Absolute path of the file; empty where there is none. */
  readonly issuer: string
  addWatchFile(file: string): void
}

/** A file on disk, and its name in the output. */
export interface NamedFile {
  readonly name: string
  readonly path: string
  readonly isFixed: boolean
}

/** Stands for the public path in the texts of an asset. */
const PUBLIC_PATH = '\u0001imagegen-public-path\u0001'

const ACCEPT = 'if (import.meta.webpackHot) import.meta.webpackHot.accept()'

export function createWebpackDev(session: PluginSession, compiler: WebpackCompiler): WebpackDev {
  const logger = compiler.getInfrastructureLogger('unplugin-imagegen')
  let images: DevImages | undefined
  const users = new Set<string>()

  const open = createLazy(async () => {
    const pipeline = await session.pipeline()
    images = createDevImages(pipeline)
    images.on(event => {
      if (event.type === 'shown' || event.type === 'reshaped') renew(compiler.watching, users)
      if (event.type === 'warning') logger.warn(shownText(event.message))
    })
    pipeline.on(() => {
      for (const warning of session.takeWarnings()) logger.warn(shownText(warning))
      const cost = session.takeCost()
      if (cost !== undefined) logger.info(cost)
    })
    return images
  })

  return {
    async load(file, { folder, addWatchFile, emitFile, dontCache }) {
      addWatchFile(file)
      const known = await open()
      const manifest = await known.open(file)
      for (const watched of manifest.watchFiles) addWatchFile(watched)
      const fault = known.faults().get(path.normalize(file))
      if (fault) throw fault
      // Any next compilation looks for missing files again.
      if (manifest.images.some(({ live }) => live.provisional)) dontCache()
      const { code, files } = renderWithFiles(manifest, folder)
      await Promise.all(
        [...files].map(async ([name, served]) => {
          const { bytes } = await served.content()
          emitFile(name, Buffer.from(bytes))
        }),
      )
      return code
    },
    async findFile(file, query, { issuer, addWatchFile }) {
      addWatchFile(file)
      if (issuer !== '') users.add(issuer)
      const known = await open()
      const manifest = await known.open(file)
      for (const watched of manifest.watchFiles) addWatchFile(watched)
      const found = pickServed(manifest, query)
      if ('message' in found) return found
      const folder = path.join(known.pipeline.options.renditionsDir, 'development')
      const target = path.join(folder, found.served.identifier)
      const { bytes } = await found.served.content()
      // Its name tells its content.
      if (!existsSync(target)) await writeAtomically(target, bytes)
      const { fixedName, served } = found
      return { name: fixedName ?? served.identifier, path: target, isFixed: Boolean(fixedName) }
    },
    close() {
      images?.close()
      return images?.generations.busy ?? false
    },
  }
}

/**
 * Compiles again. webpack asks again where each URL leads; Rspack does so for files that have changed.
 * @param users the files that name pictures by URL
 */
function renew(watching: WebpackCompiler['watching'], users: ReadonlySet<string>): void {
  if (watching && 'invalidateWithChangesAndRemovals' in watching) {
    const { invalidateWithChangesAndRemovals: invalidate } = watching
    if (typeof invalidate === 'function' && users.size > 0) {
      invalidate.call(watching, new Set(users), new Set())
      return
    }
  }
  watching?.invalidate()
}

/** The file of a manifest that a query names. */
function pickServed({ manifest, images }: DevManifest, query: PictureQuery): Picked | QueryFault {
  const found = findQueriedImage(manifest, query)
  if ('message' in found) return found
  const image = images.find(({ planned }) => planned.id.name === query.image)
  const files: Picked[] = []
  // Positions in the list stand for URLs.
  const asset =
    image &&
    assetOf(image.live, (served, fixedName) => String(files.push({ served, fixedName }) - 1))
  const picked = asset && pickUrl(asset, query)
  const fault = { message: `${manifest.path} has no image "${query.image}".` }
  return typeof picked === 'string' ? (files[Number(picked)] ?? fault) : (picked ?? fault)
}

interface Picked {
  readonly served: ServedFile
  readonly fixedName: string | undefined
}

/** The code of a manifest's module, and the files that it names. */
function renderWithFiles(manifest: DevManifest, folder: string) {
  const files = new Map<string, ServedFile>()
  const code = renderLiveModule(manifest, {
    live: { client: clientCodePath(), versionOf: ({ version }) => version },
    footer: ACCEPT,
    assetOf: ({ live }) =>
      assetOf(live, (served, fixedName) => {
        const name = fixedName ?? folder + served.identifier
        files.set(name, served)
        return PUBLIC_PATH + name
      }),
    expressionOf: json =>
      json.replaceAll(JSON.stringify(PUBLIC_PATH).slice(1, -1), '" + __webpack_public_path__ + "'),
  })
  return { code, files }
}
