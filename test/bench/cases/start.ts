import { type BenchCase, compare } from '../harness/bench-case.ts'
import { listLoaded } from '../harness/measure.ts'

const NAME = 'unplugin-imagegen'
const HEAVY = ['sharp', 'undici', 'yaml']
/** CPU of 0.1.0's import, against unplugin's, on 2026-11-26. */
const BEFORE: Readonly<Record<string, number>> = {
  'unplugin-imagegen': 1.43,
  'unplugin-imagegen/vite': 1.4,
  'unplugin-imagegen/rollup': 1.32,
  'unplugin-imagegen/rolldown': 1.4,
  'unplugin-imagegen/webpack': 1.36,
  'unplugin-imagegen/rspack': 1.35,
  'unplugin-imagegen/esbuild': 1.28,
  'unplugin-imagegen/farm': 1.22,
  'unplugin-imagegen/api': 1.25,
}
/** What came after 0.1.0; entries that need a framework are among the parts. */
const LATER = [
  'ai',
  'testing',
  'html',
  'astro',
  'nuxt',
  'next',
  'next/loader',
  'vitepress',
  'markdown',
]

/** Naming the plugin in a configuration. */
export const start: BenchCase = {
  name: 'start',
  work: "`import` of each entry in a process of its own, and of `unplugin`, which the bundlers' entries need.",
  rounds: 9,
  async prepare() {
    const loaded = await listLoaded(`${NAME}/vite`)
    const heavy = HEAVY.filter(name => loaded.some(url => url.includes(`/node_modules/${name}/`)))
    const entries = [...Object.keys(BEFORE), ...LATER.map(entry => `${NAME}/${entry}`)]
    return {
      contenders: [...entries, 'unplugin'].map(module => ({
        name: module,
        script: 'start.mjs',
        input: { module },
      })),
      notes: ['import', 'import-cpu'],
      bounds: [
        ...Object.entries(BEFORE).map(([contender, before]) =>
          compare({
            contender,
            peer: 'unplugin',
            of: 'import-cpu',
            words: `CPU of \`import '${contender}'\``,
            atMost: before,
            before,
          }),
        ),
        {
          what: `how many of ${HEAVY.join(', ')} \`${NAME}/vite\` loads`,
          ratio: () => heavy.length,
          atMost: 0,
          unit: 'number',
        },
      ],
      remarks: [`\`${NAME}/vite\` loads ${loaded.length} modules in all.`],
    }
  },
}
