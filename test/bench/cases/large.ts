import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import {
  atMost,
  type BenchCase,
  type Bound,
  type Contender,
  figure,
} from '../harness/bench-case.ts'
import { FILES_EACH, writeLargeSite, writeStaticCopy } from '../harness/large-site.ts'
import { measure } from '../harness/measure.ts'

const [FEW, MANY] = [500, 2_000]
const BUNDLERS = {
  Vite: 'vite-build.mjs',
  webpack: 'webpack-build.mjs',
  Rollup: 'rollup-build.mjs',
}

/** Nothing to be encoded, at the size of a real site. */
export const large: BenchCase = {
  name: 'large',
  work: `${FEW} pictures in ${FILES_EACH} files each (AVIF, WebP and JPEG at 3 widths), everything cached; static are imports of the same files. And ${MANY.toLocaleString('en')} pictures.`,
  rounds: 3,
  async prepare(folder) {
    const [few, many] = [path.join(folder, 'few'), path.join(folder, 'many')]
    const statics = path.join(folder, 'static')
    for (const [root, count] of [
      [few, FEW],
      [many, MANY],
    ] as const) {
      await writeLargeSite(root, { count })
      await measure(build('Vite', 'product', root))
      const built = await readdir(path.join(root, 'dist/assets'))
      const files = built.filter(file => !file.endsWith('.js')).length
      if (files !== count * FILES_EACH) throw new Error(`${files} files were built of ${count}.`)
    }
    await writeStaticCopy(statics, path.join(few, 'dist/assets'))
    const names = Object.keys(BUNDLERS).filter(isBundler)
    return {
      contenders: names.flatMap(bundler => [
        build(bundler, 'product', few),
        build(bundler, 'none', statics),
        build(bundler, 'product', many),
      ]),
      bounds: names.flatMap(boundsOf),
    }
  },
}

type Bundler = keyof typeof BUNDLERS

function isBundler(name: string): name is Bundler {
  return name in BUNDLERS
}

function nameOf(bundler: string, plugin: string, root: string): string {
  const count = path.basename(root) === 'many' ? MANY : FEW
  return `${bundler}, ${plugin === 'none' ? 'static' : 'unplugin-imagegen'}, ${count.toLocaleString('en')}`
}

function build(bundler: Bundler, plugin: 'product' | 'none', root: string): Contender {
  return {
    name: nameOf(bundler, plugin, root),
    script: BUNDLERS[bundler],
    input: { root, plugin },
    // Each host empties the folder in its own way and time.
    reset: () => rm(path.join(root, 'dist'), { recursive: true, force: true }),
  }
}

function boundsOf(bundler: Bundler): readonly Bound[] {
  const [few, statics, many] = [
    nameOf(bundler, 'product', 'few'),
    nameOf(bundler, 'none', 'static'),
    nameOf(bundler, 'product', 'many'),
  ]
  return [
    atMost(1.05, 'wall', few, statics),
    atMost(0.6, 'memory', few, statics),
    {
      what: `time, ${many} against ${FEW}`,
      ratio: round => figure(round, many, 'wall') / figure(round, few, 'wall'),
      atMost: 4.2,
    },
  ]
}
