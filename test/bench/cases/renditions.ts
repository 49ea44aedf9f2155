import { cp, readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { atMost, type BenchCase, type Contender } from '../harness/bench-case.ts'
import {
  FORMATS,
  PICTURES,
  WIDTHS,
  writeImportProject,
  writePictures,
  writeProductProject,
} from '../harness/gallery-project.ts'
import { measure } from '../harness/measure.ts'

const WORK = `${PICTURES} pictures of 1536×1024, widths ${WIDTHS.join(' and ')}, ${FORMATS.join(' and ')}`
const FILES = PICTURES * WIDTHS.length * FORMATS.length

/** Everything still to be encoded. */
export const cold: BenchCase = {
  name: 'cold',
  work: `${WORK}; nothing cached.`,
  rounds: 5,
  async prepare(folder) {
    const { product, imagetools, pictures } = await writeProjects(folder)
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
          input: { pictures, widths: WIDTHS, formats: FORMATS, output },
          reset: () => rm(output, { recursive: true, force: true }),
        },
      ],
      bounds: [
        atMost(0.6, 'wall', 'Vite with unplugin-imagegen', 'Vite with vite-imagetools'),
        atMost(1.15, 'wall', 'unplugin-imagegen alone', 'a sharp script'),
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
    const { product, imagetools } = await writeProjects(folder)
    await measure(viteBuild('', imagetools, 'imagetools'))
    const statics = await writeStaticProject(folder, product)
    return {
      contenders: [
        viteBuild('unplugin-imagegen', product, 'product'),
        viteBuild('vite-imagetools', imagetools, 'imagetools'),
        viteBuild('static', statics, 'none'),
      ],
      bounds: [
        atMost(0.45, 'wall', 'unplugin-imagegen', 'vite-imagetools'),
        atMost(1.15, 'wall', 'unplugin-imagegen', 'static'),
      ],
    }
  },
}

export const warmWebpack = warmWith('webpack', 'webpack-build.mjs')
export const warmRollup = warmWith('rollup', 'rollup-build.mjs')

function warmWith(bundler: string, script: string): BenchCase {
  return {
    name: `warm-${bundler}`,
    work: `The same with ${bundler}.`,
    rounds: 9,
    async prepare(folder) {
      const { product } = await writeProjects(folder)
      const statics = await writeStaticProject(folder, product)
      return {
        contenders: [
          { name: 'unplugin-imagegen', script, input: { root: product, plugin: 'product' } },
          { name: 'static', script, input: { root: statics, plugin: 'none' } },
        ],
        bounds: [atMost(1.15, 'wall', 'unplugin-imagegen', 'static')],
      }
    },
  }
}

async function writeProjects(folder: string) {
  const pictures = await writePictures(path.join(folder, 'pictures'))
  const product = path.join(folder, 'product')
  const imagetools = path.join(folder, 'imagetools')
  await writeProductProject(product, pictures)
  await cp(path.join(folder, 'pictures'), path.join(imagetools, 'pictures'), { recursive: true })
  await writeImportProject(
    imagetools,
    pictures.map(file => `./pictures/${path.basename(file)}`),
    `?w=${WIDTHS.join(';')}&format=${FORMATS.join(';')}&as=picture`,
  )
  return { product, imagetools, pictures }
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

function viteBuild(name: string, root: string, plugin: string): Contender {
  return { name, script: 'vite-build.mjs', input: { root, plugin } }
}

/** Both keep what they encode below `node_modules/.cache`. */
function forget(root: string): () => Promise<void> {
  return () => rm(path.join(root, 'node_modules'), { recursive: true, force: true })
}
