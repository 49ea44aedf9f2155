import path from 'node:path'
import { atMost, type BenchCase, figure } from '../harness/bench-case.ts'
import {
  manifestName,
  PER_MANIFEST,
  writeLargeSite,
  writeStaticCopy,
} from '../harness/large-site.ts'
import { measure } from '../harness/measure.ts'

const COUNT = 2_000
const SHOWN = 3
const [PRODUCT, STATIC] = ['unplugin-imagegen', 'static']

/** The first page of a development server in a large site, and a saved prompt. */
export const devLarge: BenchCase = {
  name: 'dev-large',
  work: `The first page of Vite's development server with ${SHOWN * PER_MANIFEST} pictures of ${COUNT.toLocaleString('en')} in ${COUNT / PER_MANIFEST} manifests; static is the same page with files. Then a prompt is saved, until open pages are told.`,
  rounds: 5,
  async prepare(folder) {
    const [root, statics] = [path.join(folder, 'site'), path.join(folder, 'static')]
    const output = '{ formats: [webp], widths: [480], effort: 1 }'
    await writeLargeSite(root, { count: COUNT, shown: SHOWN, output })
    await measure({ script: 'vite-build.mjs', input: { root, plugin: 'product' } })
    await writeStaticCopy(statics, path.join(root, 'dist/assets'))
    const file = path.join(root, manifestName(0))
    return {
      contenders: [
        {
          name: PRODUCT,
          script: 'vite-dev.mjs',
          // Nothing answers there: what is told first is the draft.
          input: {
            root,
            baseURL: 'http://127.0.0.1:9/v1',
            edit: { file, from: 'prompt: p1 ', to: 'prompt: p1 at dawn ' },
          },
        },
        { name: STATIC, script: 'vite-dev.mjs', input: { root: statics, plugin: 'none' } },
      ],
      notes: ['modules', 'page', 'saved'],
      bounds: [
        atMost(1.3, 'page', PRODUCT, STATIC, 'the first page'),
        {
          what: 'a saved prompt, until pages are told',
          ratio: round => figure(round, PRODUCT, 'saved') / 1e3,
          atMost: 0.15,
          unit: 's',
        },
      ],
    }
  },
}
