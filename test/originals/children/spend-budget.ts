import { openBudget } from '../../../src/budget/open-budget.ts'

/**
 * Reserves so many requests of its own and counts each, on command from stdin; reports on
 * stdout.
 */
const [cacheDir = '', images = '', requests = ''] = process.argv.slice(2)
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const budget = openBudget({
  cacheDir,
  limits: { images: Number(images) },
  ttl: 1_500,
  heartbeat: 100,
  onWarning: message => say(`warning ${message}`),
})
const names = Array.from({ length: Number(requests) }, (_, index) => `${process.pid}-${index}`)
const plan = { requests: names, list: '', example: 'site.image.yaml#hero' }
try {
  const run = await budget.reserve(plan)
  say('reserved')
  for await (const _ of process.stdin) break
  for (const name of names) {
    await run.allowance(name, name).take()
    say('counted')
  }
  await run.release()
  say('released')
} catch (error) {
  say(`refused ${error instanceof Error ? error.name : String(error)}`)
}
process.exit()
