import path from 'node:path'
import { FILE_SUFFIX } from './next-files.ts'
import type { NextLoaderOptions, NextLoaderRule } from './next-loader-options.ts'

/** As much of what Next hands to `webpack()` as is used. */
export interface NextWebpackContext {
  readonly dev: boolean
  readonly isServer: boolean
  readonly nextRuntime?: string
}

/** Adds the rules of manifests and of the files of their modules to webpack's configuration, which is changed. */
export function addWebpackRules(
  config: unknown,
  context: NextWebpackContext,
  loader: NextLoaderRule<NextLoaderOptions>,
): void {
  const { rules } = Object(config).module
  const include = loader.options.folder
  const manifests = { test: /\.image\.ya?ml$/ }
  const byUrl = { ...loader, options: { ...loader.options, byUrl: true } }
  rules.push(
    {
      ...manifests,
      dependency: { not: ['url'] },
      type: 'javascript/auto',
      // Next.js tells a changed server component by the modules of its page, not by those in
      // node_modules: in development the manifest has to stay one of them.
      sideEffects: context.dev,
      use: [loader],
    },
    { ...manifests, dependency: 'url', use: [byUrl] },
    { test: /\.mjs\.imagegen$/, include, type: 'javascript/esm' },
    {
      test: /(?<!\.mjs)\.imagegen$/,
      include,
      type: 'asset/resource',
      generator: {
        filename: ({ filename = '' }) => `static/media/${path.basename(filename, FILE_SUFFIX)}`,
        outputPath: outputPathOf(context),
      },
    },
  )
}

/** From where a compiler writes to where browsers find files. */
function outputPathOf({ dev, isServer, nextRuntime }: NextWebpackContext): string {
  if (!isServer) return ''
  return dev || nextRuntime === 'edge' ? '../' : '../../'
}
