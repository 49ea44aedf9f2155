import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type BenchCase, compare, figure, type Round } from '../harness/bench-case.ts'
import { serve } from '../harness/measure.ts'
import { writeNoise } from '../harness/pictures.ts'

const COUNT = 16
const CONCURRENCY = 8
/** How many are under way where memory is looked at alone. */
const MANY = 32
const [WIDTH, HEIGHT] = [3840, 2160]
const [PRODUCT, PRODUCT_MANY] = ['unplugin-imagegen', `unplugin-imagegen, ${MANY} at a time`]

/** Receiving, decoding and writing large answers. */
export const answers: BenchCase = {
  name: 'answers',
  work: `${COUNT} pictures of ${WIDTH}×${HEIGHT}, 27 MB each, ${CONCURRENCY} at a time: received, decoded in full once as proof, and written. Then ${MANY} of them, all at a time.`,
  rounds: 3,
  async prepare(folder) {
    const picture = path.join(folder, 'picture.png')
    await writeNoise(picture, WIDTH, HEIGHT)
    const server = await serve({ picture, delay: 0 })
    const root = path.join(folder, 'project')
    const contender = (name: string, script: string, count = COUNT, concurrency = CONCURRENCY) => ({
      name,
      script,
      input: {
        root,
        picture,
        baseURL: server.url,
        concurrency,
        count,
        size: `${WIDTH}x${HEIGHT}`,
        height: HEIGHT,
      },
      async reset() {
        await rm(root, { recursive: true, force: true })
        await mkdir(root)
        await writeManifest(root, count)
      },
    })
    return {
      contenders: [
        contender(PRODUCT, 'answers-product.mjs'),
        contender(PRODUCT_MANY, 'answers-product.mjs', MANY, MANY),
        contender('openai', 'answers-openai.mjs'),
        contender('ai', 'answers-ai.mjs'),
        contender('a bare script', 'answers-script.mjs'),
        contender('undici, thrown away', 'receive-only.mjs'),
        contender('the proof alone', 'answers-proof.mjs'),
      ],
      bounds: [
        compare({ contender: PRODUCT, peer: 'openai', of: 'memory', atMost: 0.25, before: 0.18 }),
        compare({ contender: PRODUCT, peer: 'ai', of: 'memory', atMost: 0.25 }),
        {
          what: `peak memory of each further answer under way, ${MANY} against ${CONCURRENCY}`,
          ratio: growth,
          atMost: 5,
          unit: 'MB',
        },
        receiving('openai', 0.72),
        receiving('ai'),
        compare({
          contender: PRODUCT,
          peer: 'a bare script',
          of: 'wall',
          atMost: 1.3,
          before: 0.9,
        }),
      ],
      close: server.close,
    }
  },
}

/** In MB. */
function growth(round: Round): number {
  const [few, many] = [PRODUCT, PRODUCT_MANY].map(name => figure(round, name, 'memory'))
  return ((many ?? 0) - (few ?? 0)) / (MANY - CONCURRENCY) / 1e6
}

/** The bound of CPU without the proof, which is the same work for everybody. */
function receiving(peer: string, before?: number) {
  const cpu = (round: Round, name: string) =>
    figure(round, name, 'cpu') - figure(round, 'the proof alone', 'cpu')
  return {
    what: `CPU without the proof, against ${peer}`,
    ratio: (round: Round) => cpu(round, PRODUCT) / cpu(round, peer),
    atMost: 1 / 2,
    ...(before !== undefined && { before }),
  }
}

async function writeManifest(root: string, count: number): Promise<void> {
  const images = Array.from(
    { length: count },
    (_, index) => `  p${index}: { prompt: Picture ${index} }\n`,
  )
  const text = `defaults: { size: ${WIDTH}x${HEIGHT} }\nimages:\n${images.join('')}`
  await writeFile(path.join(root, 'site.image.yaml'), text)
}
