import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { answers } from './cases/answers.ts'
import { coldAvif } from './cases/cold-avif.ts'
import { dev } from './cases/dev.ts'
import { devLarge } from './cases/dev-large.ts'
import { edit } from './cases/edit.ts'
import { gallery } from './cases/gallery.ts'
import { install } from './cases/install.ts'
import { large } from './cases/large.ts'
import { parts } from './cases/parts.ts'
import { queue } from './cases/queue.ts'
import { cold, warm, warmRollup, warmWebpack } from './cases/renditions.ts'
import { scale } from './cases/scale.ts'
import { start } from './cases/start.ts'
import { watch } from './cases/watch.ts'
import { options } from './harness/options.ts'
import { peers, placeChildren } from './harness/peers.ts'
import { packProduct } from './harness/product.ts'
import { renderReport } from './harness/render-report.ts'
import { type CaseResult, runCase } from './harness/run-case.ts'
import { writeReport } from './harness/write-report.ts'

/**
 * `npm run bench -- [CASE…] [--rounds N] [--output FILE]`, and `npm run bench:node-22` for the peers
 * in `node-22`, under that Node.
 */
const CASES = [
  answers,
  queue,
  cold,
  coldAvif,
  warm,
  warmWebpack,
  warmRollup,
  watch,
  scale,
  large,
  edit,
  dev,
  devLarge,
  gallery,
  start,
  parts,
  install,
]

const unknown = options.cases.filter(name => !CASES.some(benchCase => benchCase.name === name))
if (unknown.length > 0) {
  throw new Error(
    `There is no case ${unknown.join(', ')}, but ${CASES.map(({ name }) => name).join(', ')}.`,
  )
}
const wanted = CASES.filter(
  ({ name }) => options.cases.length === 0 || options.cases.includes(name),
)

const log = (line: string) => process.stderr.write(`${line}\n`)
const secondsSince = (began: number) => Math.round((performance.now() - began) / 1e3)
const load = loadavg().map(value => value.toFixed(1))
const scratch = await mkdtemp(path.join(tmpdir(), 'imagegen-bench-'))
const results: CaseResult[] = []
const failures: string[] = []
try {
  await placeChildren()
  const product = await packProduct(options.product, scratch)
  for (const benchCase of wanted) {
    const rounds = Number(options.rounds ?? benchCase.rounds)
    const began = performance.now()
    try {
      results.push(await runCase(benchCase, product, scratch, rounds, log))
    } catch (error) {
      failures.push(`${benchCase.name} could not be run: ${error}`)
      log(failures.at(-1) ?? '')
    }
    log(`  ${benchCase.name} took ${secondsSince(began)} s.`)
    await report()
  }
} finally {
  await rm(scratch, { recursive: true, force: true })
}

process.stdout.write(`${await report()}\n`)
log(`The whole run took ${secondsSince(0)} s.`)
if (failures.length > 0) process.exitCode = 1

/** After every case, so that a run that is ended early has its table, too. */
async function report(): Promise<string> {
  const now = loadavg().map(value => value.toFixed(1))
  const text = renderReport(results, [
    `## Measured on Node ${process.versions.node.split('.')[0]}`,
    '',
    `Run of ${new Date().toISOString().slice(0, 10)}, ${availableParallelism()} cores, load ${load.join(', ')} before and ${now.join(', ')} after.`,
    '',
    await renderVersions(),
    ...failures.flatMap(failure => ['', `**${failure.split('\n')[0]}**`]),
  ])
  await writeReport(options.output, text)
  return text
}

async function renderVersions(): Promise<string> {
  const read = async (folder: string) =>
    JSON.parse(await readFile(path.join(peers, folder, 'package.json'), 'utf8'))
  const { dependencies } = await read('.')
  const names = ['unplugin-imagegen', ...Object.keys(dependencies).filter(name => name !== 'node')]
  const versions = names.map(
    async name => `${name} ${(await read(`node_modules/${name}`)).version}`,
  )
  return `Node ${process.versions.node}, ${(await Promise.all(versions)).join(', ')}.`
}
