import path from 'node:path'
import { type RollupOptions, rollup } from 'rollup'
import { build as viteBuild } from 'vite'
import webpack from 'webpack'
import rollupConfig from './rollup.config.ts'
import webpackConfig from './webpack.config.ts'

const dirname = import.meta.dirname

/** A build of the site; everything that it makes goes below a folder of its own. */
export interface SiteBuild {
  readonly bundler: string
  /** @param outDir absolute path, emptied before */
  build(outDir: string): Promise<void>
}

/** The same site, by three bundlers. */
export const SITE_BUILDS: readonly SiteBuild[] = [
  {
    bundler: 'Vite',
    async build(outDir) {
      await viteBuild({
        configFile: path.join(dirname, 'vite.config.ts'),
        logLevel: 'warn',
        build: { outDir, emptyOutDir: true },
      })
    },
  },
  {
    bundler: 'Rollup',
    async build(outDir) {
      const options: RollupOptions = rollupConfig
      const bundle = await rollup(options)
      await bundle.write({ ...rollupConfig.output, dir: outDir })
      await bundle.close()
    },
  },
  {
    bundler: 'webpack',
    build: outDir =>
      new Promise((resolve, reject) => {
        const output = { ...webpackConfig.output, path: outDir }
        const compiler = webpack({ ...webpackConfig, output })
        compiler.run((error, stats) => {
          const failure =
            error ?? (stats?.hasErrors() ? new Error(stats.toString('errors-warnings')) : undefined)
          compiler.close(() => (failure ? reject(failure) : resolve()))
        })
      }),
  },
]

/** Where `npm run playground` puts its builds. */
export const DIST = path.join(dirname, 'dist')

/** The folder of a build in {@link DIST}. */
export function folderOf({ bundler }: SiteBuild): string {
  return bundler.toLowerCase()
}
