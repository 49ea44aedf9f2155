import { readProcessVariable } from '../../config/environment.ts'
import type { OpenPipeline } from './plugin-session.ts'

/**
 * Opens the pipeline of a plugin instance. It is loaded with the first manifest: a configuration that
 * merely names the plugin stays quick.
 */
export const openForHost: OpenPipeline = async (options, start, host) => {
  const { openForPlugin } = await import('../../pipeline/open-pipeline.ts')
  return openForPlugin(options, { ...start, readVariable: readProcessVariable }, host)
}
