import type { Options } from './config/options.ts'
import {
  type AstroIntegration,
  createAstroIntegration,
} from './frameworks/astro/astro-integration.ts'
import { unplugin } from './index.ts'

export type {
  AstroChanges,
  AstroDone,
  AstroIntegration,
  AstroSetup,
} from './frameworks/astro/astro-integration.ts'
export type { MarkdownProcessor, MarkdownRenderer } from './frameworks/astro/markdown-images.ts'

/**
 * Astro integration.
 * @example
 * ```ts
 * // astro.config.mjs
 * import imagegen from 'unplugin-imagegen/astro'
 *
 * export default { integrations: [imagegen()] }
 * ```
 */
export default function imagegen(options?: Options): AstroIntegration {
  return createAstroIntegration(options, unplugin.vite)
}
