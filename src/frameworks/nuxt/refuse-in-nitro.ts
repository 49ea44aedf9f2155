import path from 'node:path'
import { UnclaimedManifestError } from '../../errors/unclaimed-manifest-error.ts'
import { projectPath } from '../../system/project-path.ts'
import { shownText } from '../../text/shown-text.ts'

/** As much of Nitro's configuration as is used. */
export interface NitroSettings {
  rollupConfig?: { plugins?: unknown }
}

/** With or without a query. */
const MANIFEST = /\.image\.ya?ml(?:\?|$)/

/**
 * Refuses manifests that code of Nitro's own imports (`server/api`, `server/routes`). Nitro gives no
 * files of that code to browsers, so that its URLs would lead nowhere.
 * @param buildDir absolute path of what Vite has built, where manifests are modules already
 */
export function refuseInNitro(config: NitroSettings, buildDir: string): void {
  config.rollupConfig ??= {}
  const { rollupConfig } = config
  rollupConfig.plugins = [
    {
      name: 'unplugin-imagegen:nitro',
      resolveId(source: string, importer: string | undefined) {
        if (!MANIFEST.test(source) || importer === undefined) return null
        if (path.normalize(importer).startsWith(path.normalize(buildDir))) return null
        const from = shownText(projectPath(process.cwd(), importer))
        throw new UnclaimedManifestError(
          `${from} imports ${shownText(source)}, but Nitro gives browsers no files of its own code. Import the manifest in a page or a component. For code of the server, \`imagegen export --data\` writes files and a list of them.`,
        )
      },
    },
    rollupConfig.plugins,
  ]
}
