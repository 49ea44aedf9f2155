import path from 'node:path'
import { type BenchCase, type Bound, type Contender, figure } from '../harness/bench-case.ts'
import { FILES_EACH, manifestName, openBuiltSite, picturesOf } from '../harness/large-site.ts'

const COUNT = 500
const EDITS = 5

/** A change of one picture's output in a large site. */
export const edit: BenchCase = {
  name: 'edit',
  work: `Another width of one of ${COUNT} pictures in ${FILES_EACH} files each: from saving it to the bundle that \`vite build --watch\` writes, and to a development page that has the new files. The least is the same for a comment in \`main.js\`, one decode and three encodes. Medians of ${EDITS} edits.`,
  rounds: 1,
  async prepare(folder) {
    const root = await openBuiltSite(folder, COUNT)
    const input = {
      root,
      manifest: path.join(root, manifestName(0)),
      picture: picturesOf(folder, 1)[0],
      edits: EDITS,
    }
    const contenders: readonly Contender[] = [
      { name: 'vite build --watch', script: 'edit-watch.mjs', input },
      { name: 'development', script: 'edit-dev.mjs', input },
    ]
    return {
      contenders,
      notes: ['edit', 'least'],
      bounds: contenders.map(boundOf),
    }
  },
}

function boundOf({ name }: Contender): Bound {
  return {
    what: `${name}: an edit, against the least possible`,
    ratio: round => figure(round, name, 'edit') / figure(round, name, 'least'),
    atMost: 1.3,
  }
}
