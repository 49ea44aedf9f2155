import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { cpus, loadavg, tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { answers } from './cases/answers.ts'
import { dev } from './cases/dev.ts'
import { devLarge } from './cases/dev-large.ts'
import { edit } from './cases/edit.ts'
import { gallery } from './cases/gallery.ts'
import { install } from './cases/install.ts'
import { large } from './cases/large.ts'
import { queue } from './cases/queue.ts'
import { cold, warm, warmRollup, warmWebpack } from './cases/renditions.ts'
import { scale } from './cases/scale.ts'
import { start } from './cases/start.ts'
import { watch } from './cases/watch.ts'
import { packProduct } from './harness/product.ts'
import { renderReport } from './harness/render-report.ts'
import { type CaseResult, runCase } from './harness/run-case.ts'

/** `npm run bench -- [CASE…] [--rounds N] [--output FILE]`, after `npm ci` in this folder. */
const CASES = [
  answers,
  queue,
  cold,
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
  install,
]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string' },
    output: { type: 'string', default: 'bench-table.md' },
    /** A checkout with a built `dist`, when it is not this one. */
    product: { type: 'string', default: path.resolve(import.meta.dirname, '../..') },
  },
})

const unknown = positionals.filter(name => !CASES.some(benchCase => benchCase.name === name))
if (unknown.length > 0) {
  throw new Error(
    `There is no case ${unknown.join(', ')}, but ${CASES.map(({ name }) => name).join(', ')}.`,
  )
}
const wanted = CASES.filter(({ name }) => positionals.length === 0 || positionals.includes(name))

const log = (line: string) => process.stderr.write(`${line}\n`)
const load = loadavg().map(value => value.toFixed(1))
const scratch = await mkdtemp(path.join(tmpdir(), 'imagegen-bench-'))
const results: CaseResult[] = []
const failures: string[] = []
try {
  const product = await packProduct(values.product, scratch)
  for (const benchCase of wanted) {
    const rounds = Number(values.rounds ?? benchCase.rounds)
    try {
      results.push(await runCase(benchCase, product, scratch, rounds, log))
    } catch (error) {
      failures.push(`${benchCase.name} could not be run: ${error}`)
      log(failures.at(-1) ?? '')
    }
    await writeReport()
  }
} finally {
  await rm(scratch, { recursive: true, force: true })
}

process.stdout.write(`${await writeReport()}\n`)
if (failures.length > 0) process.exitCode = 1

/** After every case, so that a run that is ended early has its table, too. */
async function writeReport(): Promise<string> {
  const now = loadavg().map(value => value.toFixed(1))
  const report = renderReport(results, [
    `Run on ${new Date().toISOString().slice(0, 16).replace('T', ' ')} UTC, ${cpus().length} cores (${cpus()[0]?.model.trim()}), load ${load.join(', ')} before and ${now.join(', ')} after.`,
    '',
    await renderVersions(),
    ...failures.flatMap(failure => ['', `**${failure.split('\n')[0]}**`]),
  ])
  await writeFile(path.resolve(values.output), report)
  return report
}

async function renderVersions(): Promise<string> {
  const read = async (folder: string) =>
    JSON.parse(await readFile(path.join(import.meta.dirname, folder, 'package.json'), 'utf8'))
  const { dependencies } = await read('.')
  const names = ['unplugin-imagegen', ...Object.keys(dependencies)]
  const versions = names.map(
    async name => `${name} ${(await read(`node_modules/${name}`)).version}`,
  )
  return `Node ${process.versions.node}, ${(await Promise.all(versions)).join(', ')}.`
}
