import path from 'node:path'
import { type BenchCase, figure } from '../harness/bench-case.ts'
import { manifestName, writeLargeSite } from '../harness/large-site.ts'
import { measure } from '../harness/measure.ts'

const COUNT = 500
const NAME = 'unplugin-imagegen'

/** A change of one picture's output in a large site, while Vite watches. */
export const edit: BenchCase = {
  name: 'edit',
  work: `\`vite build --watch\` of ${COUNT} pictures in 9 files each: from saving another width of one to the written bundle. The least is a rebuild with nothing changed, one decode and three encodes.`,
  rounds: 3,
  async prepare(folder) {
    const root = path.join(folder, 'site')
    await writeLargeSite(root, { count: COUNT })
    await measure({ script: 'vite-build.mjs', input: { root, plugin: 'product' } })
    return {
      contenders: [
        {
          name: NAME,
          script: 'vite-watch-large.mjs',
          input: {
            root,
            manifest: path.join(root, manifestName(0)),
            picture: path.join(root, 'pictures/p0.png'),
            edits: 7,
          },
        },
      ],
      notes: ['edit', 'least'],
      bounds: [
        {
          what: 'an edit, against the least possible',
          ratio: round => figure(round, NAME, 'edit') / figure(round, NAME, 'least'),
          atMost: 1.3,
        },
      ],
    }
  },
}
