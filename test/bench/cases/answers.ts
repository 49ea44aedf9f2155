import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { BenchCase, Contender, Round } from '../harness/bench-case.ts'
import { atMost, figure } from '../harness/bench-case.ts'
import { serve } from '../harness/measure.ts'
import { writeNoise } from '../harness/pictures.ts'

const COUNT = 16
const [WIDTH, HEIGHT] = [3840, 2160]

/** Receiving, decoding and writing large answers. */
export const answers: BenchCase = {
  name: 'answers',
  work: `${COUNT} pictures of ${WIDTH}×${HEIGHT}, 8 at a time: received, decoded in full once as proof, and written.`,
  rounds: 5,
  async prepare(folder) {
    const picture = path.join(folder, 'picture.png')
    await writeNoise(picture, WIDTH, HEIGHT)
    const server = await serve({ picture, delay: 0 })
    const root = path.join(folder, 'project')
    const input = {
      root,
      picture,
      baseURL: server.url,
      concurrency: 8,
      count: COUNT,
      size: `${WIDTH}x${HEIGHT}`,
      height: HEIGHT,
    }
    const contender = (name: string, script: string): Contender => ({
      name,
      script,
      input,
      async reset() {
        await rm(root, { recursive: true, force: true })
        await mkdir(root)
        await writeManifest(root)
      },
    })
    /** CPU without the proof, which is the same work for everybody. */
    const receiving = (round: Round, name: string) =>
      figure(round, name, 'cpu') - figure(round, 'the proof alone', 'cpu')
    return {
      contenders: [
        contender('unplugin-imagegen', 'answers-product.mjs'),
        contender('openai', 'answers-openai.mjs'),
        contender('ai', 'answers-ai.mjs'),
        contender('a bare script', 'answers-script.mjs'),
        contender('undici, thrown away', 'receive-only.mjs'),
        contender('the proof alone', 'answers-proof.mjs'),
      ],
      bounds: [
        atMost(1 / 6, 'memory', 'unplugin-imagegen', 'openai'),
        atMost(1 / 6, 'memory', 'unplugin-imagegen', 'ai'),
        ...['openai', 'ai'].map(peer => ({
          what: `CPU without the proof, against ${peer}`,
          ratio: (round: Round) => receiving(round, 'unplugin-imagegen') / receiving(round, peer),
          atMost: 1 / 2,
        })),
        atMost(1.3, 'wall', 'unplugin-imagegen', 'a bare script', 'the whole'),
      ],
      close: server.close,
    }
  },
}

async function writeManifest(root: string): Promise<void> {
  const images = Array.from(
    { length: COUNT },
    (_, index) => `  p${index}: { prompt: Picture ${index} }\n`,
  )
  const text = `defaults: { size: ${WIDTH}x${HEIGHT} }\nimages:\n${images.join('')}`
  await writeFile(path.join(root, 'site.image.yaml'), text)
}
