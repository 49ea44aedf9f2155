import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type BenchCase, figure } from '../harness/bench-case.ts'
import { serve } from '../harness/measure.ts'
import { writeScene } from '../harness/pictures.ts'

const COUNT = 64
const CONCURRENCY = 8
const DELAY = 500
const IDEAL = (COUNT / CONCURRENCY) * DELAY

/** Keeping the API busy. */
export const queue: BenchCase = {
  name: 'queue',
  work: `${COUNT} pictures of ${DELAY} ms each, ${CONCURRENCY} at a time; the ideal is ${IDEAL / 1000} s.`,
  rounds: 3,
  async prepare(folder) {
    const picture = path.join(folder, 'picture.png')
    await writeScene(picture, 1024, 1024, 1)
    const server = await serve({ picture, delay: DELAY })
    const root = path.join(folder, 'project')
    return {
      contenders: [
        {
          name: 'unplugin-imagegen',
          script: 'answers-product.mjs',
          input: { root, baseURL: server.url, concurrency: CONCURRENCY },
          async reset() {
            await rm(root, { recursive: true, force: true })
            await mkdir(root)
            const images = Array.from({ length: COUNT }, (_, i) => `  p${i}: { prompt: ${i} p }\n`)
            await writeFile(
              path.join(root, 'site.image.yaml'),
              `defaults: { size: 1024x1024 }\nimages:\n${images.join('')}`,
            )
          },
        },
        {
          name: 'undici, thrown away',
          script: 'receive-only.mjs',
          input: { baseURL: server.url, concurrency: CONCURRENCY, count: COUNT, size: '1024x1024' },
        },
      ],
      notes: ['generate'],
      bounds: [
        {
          what: '`generate()`, against the ideal',
          ratio: round => figure(round, 'unplugin-imagegen', 'generate') / IDEAL,
          atMost: 1.2,
          before: 1.18,
        },
      ],
      remarks: ['The client alone throws every answer away: no use of it can be faster.'],
      close: server.close,
    }
  },
}
