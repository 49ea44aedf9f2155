import type { Options } from './config/options.ts'
import {
  type AstroIntegration,
  createAstroIntegration,
} from './frameworks/astro/astro-integration.ts'
import { prepareAmbientTypes } from './frameworks/prepare-types.ts'
import vite from './vite.ts'

export type {
  AstroChanges,
  AstroIntegration,
  AstroSetup,
} from './frameworks/astro/astro-integration.ts'
export type { AstroDone, AstroServer } from './frameworks/astro/astro-types.ts'
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
  return createAstroIntegration(options, { createVitePlugin: vite, prepareAmbientTypes })
}
