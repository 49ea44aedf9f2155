import type { Options } from '../../config/options.ts'

/** What the loader of manifests gets: plain values, as Turbopack hands over nothing else. */
export interface NextLoaderOptions {
  readonly options: Options
  /** Absolute path of a folder for the files of modules. */
  readonly folder: string
  readonly bundler: 'turbopack' | 'webpack'
  /**
   * Another one in every run. Next keeps what a loader gave from run to run, but does not see that a
   * key, a mode or a picture of the cache has changed since.
   */
  readonly run: string
  /** What `next` runs in, for Turbopack of Next.js 15, which does not tell its loaders. */
  readonly mode?: string
  /** What names the manifest is a URL, such as the one of `new URL()`. Only webpack tells. */
  readonly byUrl?: boolean
}

/** What the loader of such files gets. */
export interface NextFileOptions {
  readonly filesIn: string
}

/** A loader as webpack and Turbopack both take it. */
export interface NextLoaderRule<Given> {
  readonly loader: string
  readonly options: Given
}
