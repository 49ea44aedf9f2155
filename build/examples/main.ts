/**
 * `npm run examples -- [--keep] [NAME…]`: installs examples beside the packed product, runs them
 * against an API server on this machine, and looks at them in Chromium.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type ApiServer, createApiServer } from '../../test/api-server/server.ts'
import { findChromium, launchChromium } from '../../test/support/browser.ts'
import { checkBuild } from './checks/build.ts'
import { checkDevelopment } from './checks/development.ts'
import { checkDrafts } from './checks/drafts.ts'
import { checkInit } from './checks/init.ts'
import { checkMarkup } from './checks/markup.ts'
import { checkRefusals } from './checks/refusals.ts'
import { checkRequests } from './checks/requests.ts'
import { checkRunningSite } from './checks/running-site.ts'
import { checkTypes } from './checks/types.ts'
import type { Example } from './example.ts'
import { EXAMPLES } from './examples.ts'
import { ExampleFailure } from './failure.ts'
import type { Check, ExampleRun } from './run.ts'
import { renderTable } from './table.ts'
import { openWorkspace, packProduct } from './workspace.ts'

const API_KEY = 'examples-key'

/** Columns of the table, in the order in which they are tried. */
const CHECKS: Readonly<Record<string, Check>> = {
  requests: checkRequests,
  types: checkTypes,
  build: checkBuild,
  run: checkRunningSite,
  development: checkDevelopment,
  'no key': checkDrafts,
  markup: checkMarkup,
  refused: checkRefusals,
  init: checkInit,
}

type Row = Record<string, string>

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { keep: { type: 'boolean', default: false } },
})
const chosen = chooseExamples(positionals)
const executable = findChromium()
if (executable === undefined) throw new Error('The examples are looked at in Chromium: install it.')

const parent = await mkdtemp(path.join(os.tmpdir(), 'imagegen-examples-'))
const browser = await launchChromium(executable)
const rows: Row[] = []
const failures: string[] = []
try {
  await mkdir(parent, { recursive: true })
  const tarball = await packProduct(parent)
  for (const example of chosen) {
    const api = await createApiServer({ apiKey: API_KEY, scale: 0.5 })
    const options = { parent, tarball, apiUrl: api.url, apiKey: API_KEY }
    rows.push(await tryExample(example, api, options).finally(() => api.close()))
  }
} finally {
  await browser.close()
  if (values.keep) print(`Everything is in ${parent}`)
  else await rm(parent, { recursive: true, force: true })
}
print(`\n${renderTable(rows)}`)
// Said once more at the end, where it is found.
for (const failure of failures) print(`\n${failure}`)
if (failures.length > 0) process.exitCode = 1

function chooseExamples(names: readonly string[]): readonly Example[] {
  const unknown = names.filter(name => !EXAMPLES.some(example => example.name === name))
  if (unknown.length > 0) {
    const known = EXAMPLES.map(({ name }) => name).join(', ')
    throw new Error(`There is no example ${unknown.join(', ')}. There are: ${known}.`)
  }
  return names.length === 0 ? EXAMPLES : EXAMPLES.filter(({ name }) => names.includes(name))
}

async function tryExample(
  example: Example,
  api: ApiServer,
  options: Parameters<typeof openWorkspace>[1],
): Promise<Row> {
  print(`\n${example.name}`)
  const row: Row = { example: example.name, framework: '', node: '' }
  for (const name of Object.keys(CHECKS)) row[name] = ''
  try {
    const workspace = await openWorkspace(example, options)
    row.framework = `${example.framework} ${workspace.versions.framework}`
    row.node = workspace.versions.node
    await runChecks({ workspace, api, browser }, row)
  } catch (error) {
    row.framework = 'FAILED'
    complain(example.name, 'install', error)
  }
  return row
}

/** A failed check does not keep the next ones from being tried. */
async function runChecks(run: ExampleRun, row: Row): Promise<void> {
  for (const [name, check] of Object.entries(CHECKS)) {
    const started = performance.now()
    try {
      row[name] = await check(run)
    } catch (error) {
      row[name] = 'FAILED'
      complain(run.workspace.example.name, name, error)
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    print(`  ${name.padEnd(12)} ${row[name]} (${seconds} s)`)
  }
}

function complain(example: string, check: string, error: unknown): void {
  failures.push(`${example}, ${check}: ${messageOf(error)}`)
  print(`  ${failures.at(-1)}`)
}

function messageOf(error: unknown): string {
  if (error instanceof ExampleFailure) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
