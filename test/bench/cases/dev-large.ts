import { rm } from 'node:fs/promises'
import path from 'node:path'
import { type BenchCase, compare, figure } from '../harness/bench-case.ts'
import { manifestName, writeLargeSite, writeStaticCopy } from '../harness/large-site.ts'
import { measure } from '../harness/measure.ts'

/** 2,000 images in 100 manifests; those of the first two are on the page. */
const MANIFESTS = [25, 25, ...Array.from({ length: 97 }, () => 20), 10]
const [COUNT, SHOWN] = [2_000, 50]
const [PRODUCT, STATIC] = ['unplugin-imagegen', 'static']

/** The first page of a development server in a large site, and a saved prompt. */
export const devLarge: BenchCase = {
  name: 'dev-large',
  work: `The first page of Vite's development server with ${SHOWN} pictures of ${COUNT.toLocaleString('en')} in ${MANIFESTS.length} manifests; static is the same page with files. Then another prompt of one is saved, whose picture is in the cache, until the page has loaded it.`,
  rounds: 5,
  async prepare(folder) {
    const [root, statics] = [path.join(folder, 'site'), path.join(folder, 'static')]
    const output = '{ formats: [webp], widths: [480], effort: 1 }'
    await writeLargeSite(folder, root, { manifests: MANIFESTS, shown: 2, output })
    await measure({ script: 'vite-build.mjs', input: { root, plugin: 'product' } })
    await writeStaticCopy(statics, root)
    await rm(path.join(root, 'dist'), { recursive: true })
    return {
      contenders: [
        {
          name: PRODUCT,
          script: 'vite-dev.mjs',
          input: {
            root,
            baseURL: 'http://127.0.0.1:9/v1',
            edit: {
              file: path.join(root, manifestName(0)),
              from: 'prompt: p1 ',
              to: 'prompt: p1999 ',
            },
          },
        },
        { name: STATIC, script: 'vite-dev.mjs', input: { root: statics, plugin: 'none' } },
      ],
      notes: ['modules', 'page', 'saved'],
      bounds: [
        compare({
          contender: PRODUCT,
          peer: STATIC,
          of: 'page',
          words: 'the first page',
          atMost: 1.3,
        }),
        {
          what: 'a saved prompt, until the page has it',
          ratio: round => figure(round, PRODUCT, 'saved') / 1e3,
          atMost: 0.15,
          unit: 's',
        },
      ],
    }
  },
}
