import { rm } from 'node:fs/promises'
import path from 'node:path'
import { findChromium } from '../../support/find-chromium.ts'
import { type BenchCase, type Contender, figure } from '../harness/bench-case.ts'
import { manifestsOf, PER_MANIFEST, writeLargeSite } from '../harness/large-site.ts'

/** Images, and seconds until the first picture is seen. */
const SITES = [
  { count: 300, seconds: 1 },
  { count: 2_000, seconds: 3 },
] as const

/** More than the first screen and the one below it. */
const FULL = 60

/** The gallery of a development server, in a browser. */
export const gallery: BenchCase = {
  name: 'gallery',
  work: `The gallery of Vite's development server in Chromium, with ${SITES.map(({ count }) => count.toLocaleString('en')).join(' and ')} pictures in manifests of ${PER_MANIFEST}: until the first picture is decoded, and until all on the screen are. Cold: nothing was ever made of the originals. Warm: the server was started again. Again: the page of a running server is loaded once more. The CPU is the server's, without the browser's.`,
  rounds: 3,
  async prepare(folder) {
    const executable = findChromium()
    if (!executable) throw new Error('there is no Chromium on this machine')
    const contenders: Contender[] = []
    for (const { count } of SITES) {
      const root = path.join(folder, `site-${count}`)
      await writeLargeSite(folder, root, { manifests: manifestsOf(count), shown: 1, full: FULL })
      const run = { script: 'gallery.mjs', input: { root, executable } }
      const made = path.join(root, 'node_modules')
      contenders.push(
        {
          ...run,
          name: coldName(count),
          reset: () => rm(made, { recursive: true, force: true }),
        },
        { ...run, name: warmName(count) },
      )
    }
    return {
      contenders,
      notes: ['first', 'screen', 'again', 'data'],
      bounds: SITES.flatMap(({ count, seconds }) =>
        [coldName(count), warmName(count)].map(name => ({
          what: `the first picture, ${name}`,
          ratio: round => figure(round, name, 'first') / 1e3,
          atMost: seconds,
          unit: 's' as const,
        })),
      ),
    }
  },
}

function coldName(count: number): string {
  return `${count}, cold`
}

function warmName(count: number): string {
  return `${count}, warm`
}
