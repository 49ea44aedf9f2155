import path from 'node:path'
import type { Plugin } from 'vite'
import { UnclaimedManifestError } from '../../errors/unclaimed-manifest-error.ts'
import { shownText } from '../../text/shown-text.ts'
import { MANIFEST_ID, MODULE_ID, RAW_QUERY, stripQuery, UNCLAIMED_ID } from './manifest-id.ts'

const SUFFIX = '?imagegen-worker.js'

const WORKER_ID = /\.image\.ya?ml\?imagegen-worker\.js$/

/**
 * Vite gives workers plugins of their own. This one stands last among them, and refuses manifests
 * that no instance of ours is there to take. Hosts before Vite 6.3 know no filters.
 */
export function refuseInWorkers(): Plugin {
  return {
    name: 'unplugin-imagegen:workers',
    enforce: 'pre',
    resolveId: {
      order: 'pre',
      filter: { id: MANIFEST_ID },
      async handler(source, importer) {
        // Before 6.3 Vite knows no filters.
        if (!MANIFEST_ID.test(source) || RAW_QUERY.test(source)) return null
        const resolved = await this.resolve(stripQuery(source), importer, { skipSelf: true })
        if (!resolved || resolved.external || !MANIFEST_ID.test(resolved.id)) return null
        const isSettled = MODULE_ID.test(resolved.id) || UNCLAIMED_ID.test(resolved.id)
        return isSettled ? resolved : stripQuery(resolved.id) + SUFFIX
      },
    },
    load: {
      order: 'pre',
      filter: { id: WORKER_ID },
      handler(id) {
        if (!WORKER_ID.test(id)) return null
        const file = shownText(path.relative(process.cwd(), stripQuery(id)))
        throw new UnclaimedManifestError(
          `${file} is imported by a worker, and Vite gives workers plugins of their own. Add \`worker: { plugins: () => [imagegen()] }\` to the configuration of Vite.`,
        )
      },
    },
  }
}
