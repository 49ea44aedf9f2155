import { cp, rm } from 'node:fs/promises'
import path from 'node:path'
import {
  type BenchCase,
  type Bound,
  type Contender,
  compare,
  figure,
} from '../harness/bench-case.ts'
import { writeImportProject } from '../harness/gallery-project.ts'
import { FILES_EACH, openBuiltSite, picturesOf, writeStaticCopy } from '../harness/large-site.ts'
import { measure } from '../harness/measure.ts'

const [FEW, MANY] = [500, 2_000]

interface Bundler {
  readonly name: string
  readonly script: string
  /** Ratios of 0.1.0 to static imports. */
  readonly before?: { readonly wall: number; readonly memory: number }
}

const VITE: Bundler = {
  name: 'Vite',
  script: 'vite-build.mjs',
  before: { wall: 1.02, memory: 0.55 },
}
const BUNDLERS: readonly Bundler[] = [
  VITE,
  { name: 'webpack', script: 'webpack-build.mjs' },
  { name: 'Rollup', script: 'rollup-build.mjs' },
]

/** Nothing to be encoded, at the size of a real site. */
export const large: BenchCase = {
  name: 'large',
  work: `${FEW} pictures in ${FILES_EACH} files each (AVIF, WebP and JPEG at 3 widths), everything cached; static are imports of the same files. And ${MANY.toLocaleString('en')} pictures.`,
  rounds: 2,
  async prepare(folder) {
    const few = await openBuiltSite(folder, FEW)
    const many = await openBuiltSite(folder, MANY)
    const [statics, imagetools] = [path.join(folder, 'static'), path.join(folder, 'imagetools')]
    await writeStaticCopy(statics, few)
    await writeImagetools(folder, imagetools)
    const peer = build(VITE, 'imagetools', imagetools)
    await measure(peer)
    return {
      contenders: [
        ...BUNDLERS.flatMap(bundler => [
          build(bundler, 'product', few),
          build(bundler, 'none', statics),
          build(bundler, 'product', many, MANY),
        ]),
        peer,
      ],
      bounds: [
        ...BUNDLERS.flatMap(boundsOf),
        compare({
          contender: nameOf(VITE, 'product'),
          peer: peer.name,
          of: 'wall',
          atMost: 0.66,
          before: 0.66,
        }),
      ],
    }
  },
}

async function writeImagetools(folder: string, root: string): Promise<void> {
  for (const file of picturesOf(folder, FEW)) {
    await cp(file, path.join(root, 'pictures', path.basename(file)))
  }
  await writeImportProject(
    root,
    picturesOf(folder, FEW).map(file => `./pictures/${path.basename(file)}`),
    '?w=120;240;480&format=avif;webp;jpeg&effort=1&as=picture',
  )
}

const CONTENDERS = { product: 'unplugin-imagegen', none: 'static', imagetools: 'vite-imagetools' }

function nameOf({ name }: Bundler, plugin: keyof typeof CONTENDERS, count = FEW): string {
  return `${name}, ${CONTENDERS[plugin]}, ${count.toLocaleString('en')}`
}

function build(
  bundler: Bundler,
  plugin: keyof typeof CONTENDERS,
  root: string,
  count = FEW,
): Contender {
  return {
    name: nameOf(bundler, plugin, count),
    script: bundler.script,
    input: { root, plugin },
    // Each host empties the folder in its own way and time.
    reset: () => rm(path.join(root, 'dist'), { recursive: true, force: true }),
  }
}

function boundsOf(bundler: Bundler): readonly Bound[] {
  const contender = nameOf(bundler, 'product')
  const peer = nameOf(bundler, 'none')
  const many = nameOf(bundler, 'product', MANY)
  const before = bundler.before
  return [
    compare({ contender, peer, of: 'wall', atMost: 1.05, ...(before && { before: before.wall }) }),
    compare({
      contender,
      peer,
      of: 'memory',
      atMost: 0.6,
      ...(before && { before: before.memory }),
    }),
    {
      what: `time, ${many} against ${FEW}`,
      ratio: round => figure(round, many, 'wall') / figure(round, contender, 'wall'),
      atMost: 4.2,
    },
  ]
}
