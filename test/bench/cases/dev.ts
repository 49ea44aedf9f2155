import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type BenchCase, type Contender, figure } from '../harness/bench-case.ts'
import { measure, serve } from '../harness/measure.ts'
import { writeScene } from '../harness/pictures.ts'
import { storeOriginals } from '../harness/store-originals.ts'

const COUNT = 50
const [WIDTH, HEIGHT] = [1536, 1024]
/** Long enough that no picture arrives while the page loads, in milliseconds. */
const DELAY = 60_000

/** The first page of a development server. */
export const dev: BenchCase = {
  name: 'dev',
  work: `The first page of Vite's development server with ${COUNT} images: page, modules and pictures, fetched.`,
  rounds: 5,
  async prepare(folder) {
    const picture = path.join(folder, 'picture.png')
    await writeScene(picture, WIDTH, HEIGHT, 1)
    const server = await serve({ picture, delay: DELAY })
    const [missing, present] = [path.join(folder, 'missing'), path.join(folder, 'present')]
    for (const root of [missing, present]) await writeProject(root)
    await storeOriginals(present, await drawOriginals(folder))
    const contender = (name: string, root: string): Contender => ({
      name,
      script: 'vite-dev.mjs',
      input: { root, baseURL: server.url },
    })
    const all = contender('none missing', present)
    await measure(all)
    const pristine = path.join(folder, 'pristine')
    await cp(missing, pristine, { recursive: true })
    return {
      contenders: [
        {
          ...contender('all missing', missing),
          async reset() {
            await rm(missing, { recursive: true, force: true })
            await cp(pristine, missing, { recursive: true })
          },
        },
        all,
      ],
      notes: ['modules', 'page'],
      bounds: [
        {
          what: 'the page with all missing, against none',
          ratio: round =>
            figure(round, 'all missing', 'page') / figure(round, 'none missing', 'page'),
          atMost: 1.1,
        },
      ],
      close: server.close,
    }
  },
}

async function writeProject(root: string): Promise<void> {
  await mkdir(root, { recursive: true })
  const images = Array.from({ length: COUNT }, (_, index) => `  p${index}: { prompt: p${index} }\n`)
  await writeFile(
    path.join(root, 'site.image.yaml'),
    `defaults:\n  size: ${WIDTH}x${HEIGHT}\n  output: { formats: [webp], widths: [640] }\nimages:\n${images.join('')}`,
  )
  await writeFile(
    path.join(root, 'main.js'),
    "import site from './site.image.yaml'\ndocument.title = Object.keys(site).length\n",
  )
  await writeFile(
    path.join(root, 'index.html'),
    '<!doctype html><script type="module" src="/main.js"></script>',
  )
}

async function drawOriginals(folder: string) {
  const drawn = Array.from({ length: COUNT }, async (_, index) => {
    const file = path.join(folder, `p${index}.png`)
    await writeScene(file, WIDTH, HEIGHT, index + 1)
    const size = `${WIDTH}x${HEIGHT}`
    return { prompt: `p${index}`, size, file, width: WIDTH, height: HEIGHT }
  })
  return Promise.all(drawn)
}
