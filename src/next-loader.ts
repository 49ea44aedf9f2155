import { loadForNext, type NextLoaderContext } from './frameworks/next/next-loader.ts'

export type { NextLoaderOptions } from './frameworks/next/with-imagegen.ts'
export type { NextLoaderContext }

/** The loader that `withImagegen()` adds. */
export default function loader(this: NextLoaderContext): void {
  const done = this.async()
  loadForNext(this).then(
    code => done(null, code),
    (error: Error) => done(error),
  )
}
