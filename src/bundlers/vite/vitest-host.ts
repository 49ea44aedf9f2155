import type { ResolvedConfig } from 'vite'
import { MODULE_ID } from '../manifests/manifest-id.ts'

/** The servers in which Vitest transforms the modules of tests: its own, a project's, a browser's. */
const VITEST_PLUGINS: ReadonlySet<string> = new Set(['vitest', 'vitest:project', 'vitest:browser'])

/**
 * Whether a server transforms modules for Vitest. A server or a build that a test starts is not one
 * of them, though it runs in Vitest's process.
 */
export function isTestRun({ plugins }: Pick<ResolvedConfig, 'plugins'>): boolean {
  return plugins.some(({ name }) => VITEST_PLUGINS.has(name))
}

type CacheKeyGenerator = (module: { readonly id: string }) => false | undefined

/** As much of what `configureVitest` gets as is used; Vitest 4 marks it as experimental by a prefix. */
export interface VitestContext {
  defineCacheKeyGenerator?(generator: CacheKeyGenerator): void
  experimental_defineCacheKeyGenerator?(generator: CacheKeyGenerator): void
}

/** Keeps our modules out of Vitest's module cache, which would not see that a picture has come. */
export function bypassModuleCache(context: VitestContext): void {
  const generator: CacheKeyGenerator = ({ id }) => (MODULE_ID.test(id) ? false : undefined)
  context.defineCacheKeyGenerator?.(generator)
  context.experimental_defineCacheKeyGenerator?.(generator)
}
