import { cp, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { type BenchCase, compare } from '../harness/bench-case.ts'
import {
  describeWork,
  forget,
  PICTURES,
  QUICK,
  viteBuild,
  writeImportProject,
  writeProjects,
} from '../harness/gallery-project.ts'
import { measure } from '../harness/measure.ts'

const FILES = PICTURES * QUICK.widths.length * QUICK.formats.length

/** Everything still to be encoded. */
export const cold: BenchCase = {
  name: 'cold',
  work: `${describeWork(QUICK)}; nothing cached.`,
  rounds: 3,
  async prepare(folder) {
    const { product, imagetools, pictures } = await writeProjects(folder, QUICK)
    const output = path.join(folder, 'script')
    return {
      contenders: [
        { ...viteBuild('Vite with unplugin-imagegen', product, 'product'), reset: forget(product) },
        {
          ...viteBuild('Vite with vite-imagetools', imagetools, 'imagetools'),
          reset: forget(imagetools),
        },
        {
          name: 'unplugin-imagegen alone',
          script: 'resolve-module.mjs',
          input: { root: product },
          reset: forget(product),
        },
        {
          name: 'a sharp script',
          script: 'sharp-script.mjs',
          input: { pictures, output, ...QUICK },
          reset: () => rm(output, { recursive: true, force: true }),
        },
      ],
      bounds: [
        compare({
          contender: 'Vite with unplugin-imagegen',
          peer: 'Vite with vite-imagetools',
          of: 'wall',
          atMost: 0.6,
          before: 0.6,
        }),
        compare({
          contender: 'unplugin-imagegen alone',
          peer: 'a sharp script',
          of: 'wall',
          atMost: 1.08,
          before: 1.08,
        }),
      ],
    }
  },
}

/** Nothing to be encoded, in Vite. */
export const warm: BenchCase = {
  name: 'warm',
  work: `The same with Vite, everything cached; static are imports of the ${FILES} files.`,
  rounds: 9,
  async prepare(folder) {
    const { product, imagetools } = await writeProjects(folder, QUICK)
    await measure(viteBuild('', imagetools, 'imagetools'))
    const statics = await writeStaticProject(folder, product)
    const contender = 'unplugin-imagegen'
    return {
      contenders: [
        viteBuild(contender, product, 'product'),
        viteBuild('vite-imagetools', imagetools, 'imagetools'),
        viteBuild('static', statics, 'none'),
      ],
      bounds: [
        compare({ contender, peer: 'vite-imagetools', of: 'wall', atMost: 0.45, before: 0.22 }),
        compare({ contender, peer: 'static', of: 'wall', atMost: 1.1, before: 1.19 }),
      ],
    }
  },
}

export const warmWebpack = warmWith('webpack', 'webpack-build.mjs', 1.05)
export const warmRollup = warmWith('rollup', 'rollup-build.mjs', 0.96)

function warmWith(bundler: string, script: string, before: number): BenchCase {
  return {
    name: `warm-${bundler}`,
    work: `The same with ${bundler}.`,
    rounds: 9,
    async prepare(folder) {
      const { product } = await writeProjects(folder, QUICK)
      const statics = await writeStaticProject(folder, product)
      const contender = 'unplugin-imagegen'
      return {
        contenders: [
          { name: contender, script, input: { root: product, plugin: 'product' } },
          { name: 'static', script, input: { root: statics, plugin: 'none' } },
        ],
        bounds: [compare({ contender, peer: 'static', of: 'wall', atMost: 1.1, before })],
      }
    },
  }
}

/** The product's files, imported one by one. Fills the product's cache on the way. */
async function writeStaticProject(folder: string, product: string): Promise<string> {
  await measure(viteBuild('', product, 'product'))
  const statics = path.join(folder, 'static')
  const built = path.join(product, 'dist/assets')
  const files = (await readdir(built)).filter(file => !file.endsWith('.js'))
  if (files.length !== FILES) throw new Error(`${files.length} files were built, not ${FILES}.`)
  await writeImportProject(
    statics,
    files.map(file => `./files/${file}`),
  )
  for (const file of files) await cp(path.join(built, file), path.join(statics, 'files', file))
  return statics
}
