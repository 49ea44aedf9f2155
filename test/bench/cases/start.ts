import { atMost, type BenchCase } from '../harness/bench-case.ts'
import { listLoaded } from '../harness/measure.ts'

const HEAVY = ['sharp', 'undici', 'yaml']
const ENTRY = 'unplugin-imagegen/vite'

/** Naming the plugin in a configuration. */
export const start: BenchCase = {
  name: 'start',
  work: `\`import '${ENTRY}'\` in a process of its own.`,
  rounds: 21,
  async prepare() {
    const loaded = await listLoaded(ENTRY)
    const heavy = HEAVY.filter(name => loaded.some(url => url.includes(`/node_modules/${name}/`)))
    return {
      contenders: [
        { name: 'unplugin-imagegen/vite', script: 'start.mjs', input: { module: ENTRY } },
        { name: 'unplugin', script: 'start.mjs', input: { module: 'unplugin' } },
      ],
      notes: ['import'],
      bounds: [
        atMost(2, 'import', 'unplugin-imagegen/vite', 'unplugin', 'the import'),
        {
          what: `how many of ${HEAVY.join(', ')} it loads`,
          ratio: () => heavy.length,
          atMost: 0,
        },
      ],
      remarks: [`${loaded.length} modules are loaded in all.`],
    }
  },
}
