import type { Compiler as WebpackCompiler } from 'webpack'
import { createLazy } from '../../system/lazy.ts'
import type { PluginSession } from '../session/plugin-session.ts'
import type { WebpackDev } from './webpack-dev.ts'

/** A compiler's development, loaded when it takes hot updates: builds never need it. */
export function deferWebpackDev(session: PluginSession, compiler: WebpackCompiler): WebpackDev {
  let opened: WebpackDev | undefined
  const open = createLazy(async () => {
    const { createWebpackDev } = await import('./webpack-dev.ts')
    opened = createWebpackDev(session, compiler)
    return opened
  })
  return {
    load: async (file, host) => (await open()).load(file, host),
    findFile: async (file, query, from) => (await open()).findFile(file, query, from),
    close: () => opened?.close() ?? false,
  }
}
