import type { Options } from '../config/options.ts'
import type { HostName } from './hosts/entry-error.ts'
import { refuseOthers } from './hosts/refuse-other-hosts.ts'
import { openForHost } from './session/open-for-host.ts'
import {
  createPluginSession,
  type OpenPipeline,
  type PluginSession,
} from './session/plugin-session.ts'

/** The name that hosts show. */
export const PLUGIN_NAME = 'unplugin-imagegen'

/** Plugins of one host, by what opens their pipelines. */
export type NativePlugin<Plugin> = (options?: Options, open?: OpenPipeline) => Plugin

/**
 * Makes plugins of a host whose hooks are all our own. unplugin would hand them on as they are, and
 * takes longer to load than everything else that a configuration needs: 20 of 37 ms.
 */
export function createNativePlugin<Plugin extends object>(
  host: HostName,
  pluginOf: (session: PluginSession) => Plugin,
): NativePlugin<Plugin> {
  return (options = {}, open = openForHost) =>
    refuseOthers(pluginOf(createPluginSession(options, open, host)), host)
}
