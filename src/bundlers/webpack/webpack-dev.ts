import path from 'node:path'
import type { Compiler as WebpackCompiler } from 'webpack'
import { createDevImages, type DevImages } from '../../dev/dev-images.ts'
import type { DevManifest } from '../../dev/images/dev-manifest.ts'
import { assetOf } from '../../dev/images/live-image.ts'
import { renderLiveModule } from '../../dev/images/render-live-module.ts'
import type { ServedFile } from '../../dev/images/served-file.ts'
import { clientCodePath } from '../../dev/serving/client-code.ts'
import { createLazy } from '../../system/lazy.ts'
import { shownText } from '../../text/shown-text.ts'
import type { PluginSession } from '../session/plugin-session.ts'

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
  /** True while images are being generated. */
  close(): boolean
}

/** Stands for the public path in the texts of an asset. */
const PUBLIC_PATH = '\u0001imagegen-public-path\u0001'

const ACCEPT = 'if (import.meta.webpackHot) import.meta.webpackHot.accept()'

export function createWebpackDev(session: PluginSession, compiler: WebpackCompiler): WebpackDev {
  const logger = compiler.getInfrastructureLogger('unplugin-imagegen')
  let images: DevImages | undefined

  const open = createLazy(async () => {
    const pipeline = await session.pipeline()
    images = createDevImages(pipeline)
    images.on(event => {
      if (event.type === 'shown' || event.type === 'reshaped') compiler.watching?.invalidate()
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
    close() {
      images?.close()
      return images?.generations.busy ?? false
    },
  }
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
