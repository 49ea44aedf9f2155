import { type FSWatcher, watch } from 'node:fs'
import path from 'node:path'
import type { ViteDevServer } from 'vite'
import { toSlashes } from '../../system/project-path.ts'
import { shownText } from '../../text/shown-text.ts'
import type { PluginSession } from '../session/plugin-session.ts'

/**
 * Restarts the server when `imagegen.config.*` changes, goes, or is made, nearer than the one that
 * is read. Vite's own watcher sees none of several missing files of one folder.
 * @returns the function that ends that
 */
export async function followConfigFiles(
  session: PluginSession,
  server: ViteDevServer,
): Promise<() => void> {
  const { present, missing } = await session.configFiles()
  const { configFileDependencies, logger, server: settings } = server.config
  if (settings.watch === null) return () => undefined
  if (present !== undefined) {
    configFileDependencies.push(toSlashes(present))
    server.watcher.add(present)
  }
  const wanted = new Set(missing)
  const watchers: FSWatcher[] = []
  const end = (): void => {
    for (const watcher of watchers.splice(0)) watcher.close()
  }
  const warn = ({ message }: Error): void =>
    logger.warn(
      `[unplugin-imagegen] A new imagegen.config file needs a restart: ${shownText(message)}`,
    )
  for (const folder of new Set(missing.map(file => path.dirname(file)))) {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => {
        if (name === null || !wanted.has(path.join(folder, name)) || watchers.length === 0) return
        // The server that takes over has watchers of its own.
        end()
        server.restart().catch(warn)
      })
      watchers.push(watcher.on('error', warn))
    } catch (error) {
      if (!(error instanceof Error)) throw error
      warn(error)
    }
  }
  return end
}
