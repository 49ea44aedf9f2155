import { readNextFile } from './frameworks/next/next-files.ts'
import { loadForNext, type NextLoaderContext } from './frameworks/next/next-loader.ts'

export type { NextFileOptions, NextLoaderOptions } from './frameworks/next/next-loader-options.ts'
export type { NextLoaderContext }

/** The loader that `withImagegen()` adds: of manifests, and of the files of their modules. */
export default function loader(this: NextLoaderContext): void {
  const done = this.async()
  const given = this.getOptions()
  const loaded =
    'filesIn' in given
      ? readNextFile(given.filesIn, (this.resourceQuery ?? '').slice(1))
      : loadForNext(this, given)
  loaded.then(
    content => done(null, content),
    (error: Error) => done(error),
  )
}
