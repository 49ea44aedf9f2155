import type { Options } from './config/options.ts'
import { createJestTransformer, type JestTransformer } from './frameworks/jest/jest-transformer.ts'

export type { JestTransformer, JestTransformOptions } from './frameworks/jest/jest-transformer.ts'
export type { Options }

/**
 * Gives tests the modules of manifests. Requests and writes nothing; `src` is
 * `/imagegen/<manifest>/<name>.<ext>`, whatever the state of the picture.
 * @example
 * ```js
 * // jest.config.js
 * export default {
 *   transform: { '\\.image\\.ya?ml$': 'unplugin-imagegen/jest' },
 *   moduleFileExtensions: ['js', 'mjs', 'cjs', 'jsx', 'ts', 'tsx', 'json', 'node', 'yaml', 'yml'],
 * }
 * ```
 */
const transformer: {
  /** @param given with `transformerConfig`: options of the plugin, as `imagegen.config.*` has them */
  createTransformer(given?: { readonly transformerConfig?: Options }): JestTransformer
} = {
  createTransformer: ({ transformerConfig = {} } = {}) =>
    createJestTransformer(transformerConfig, new URL('./jest-worker.mjs', import.meta.url)),
}
export default transformer
