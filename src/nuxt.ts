import { createNuxtModule, type NuxtModule } from './frameworks/nuxt/nuxt-module.ts'
import { prepareTypes } from './frameworks/prepare-types.ts'
import vite from './vite.ts'

export type {
  Nuxt,
  NuxtModule,
  NuxtOptions,
  ViteSettings,
} from './frameworks/nuxt/nuxt-module.ts'
export type { NuxtCompilerOptions, NuxtTypes } from './frameworks/nuxt/nuxt-types.ts'
export type { NitroSettings } from './frameworks/nuxt/refuse-in-nitro.ts'

/**
 * Nuxt module.
 * @example
 * ```ts
 * // nuxt.config.ts
 * export default defineNuxtConfig({ modules: ['unplugin-imagegen/nuxt'] })
 * ```
 */
const module: NuxtModule = createNuxtModule({
  createVitePlugin: vite,
  prepareTypes,
})
export default module
