import type { Compiler } from 'webpack'
import { ConfigError } from '../../errors/config-error.ts'

/**
 * Refuses the compilers of Next.js, which serve no files of ours, and of which the one for servers
 * would put them where browsers don't find them.
 */
export function refuseNext({ options }: Pick<Compiler, 'options'>): void {
  const alias = options.resolveLoader?.alias
  const names = Array.isArray(alias) ? alias.map(({ name }) => name) : Object.keys(alias || {})
  if (!names.includes('next-swc-loader')) return
  throw new ConfigError(
    'unplugin-imagegen/webpack does not work inside Next.js. Use `withImagegen()` of unplugin-imagegen/next, which takes Turbopack and webpack, and remove the plugin.',
  )
}
