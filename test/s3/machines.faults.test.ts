import { execFile } from 'node:child_process'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { ApiServer } from '../api-server/server.ts'
import { temporaryFolder } from '../support/folder.ts'
import { startApi } from '../support/project.ts'
import { bundleMachine, type Machine, startMachine } from './run-machine.ts'
import { type Bucket, createBucket, endpoint, needsS3 } from './s3-server.ts'

const PROMPTS = Array.from({ length: 20 }, (_, index) => `image-${index}`)

interface Line {
  readonly prompt?: string
  readonly digest?: string
  readonly sending?: string
  readonly requestId?: string
  readonly how?: string
  readonly possiblyBilledTwice?: number
  readonly warning?: string
  readonly failed?: string
}

function linesOf(machine: Machine): readonly Line[] {
  return machine
    .printed()
    .split('\n')
    .filter(line => line.startsWith('{') && line.endsWith('}'))
    .map(line => JSON.parse(line))
}

async function openApi(options: { delay: number; idempotent?: boolean }): Promise<ApiServer> {
  const api = await startApi({ scale: 0.05, vary: true, ...options })
  return api
}

async function createTeam(api: ApiServer, bucket: Bucket) {
  const [folder, script] = await Promise.all([temporaryFolder(), bundleMachine('machine.ts')])
  return (name: string, prompts = PROMPTS) =>
    startMachine(
      script,
      join(folder, name),
      api.url,
      bucket.endpoint,
      bucket.bucket,
      bucket.prefix,
      prompts.join(','),
    )
}

/** Every machine that came to its end has the same picture of every prompt. */
async function expectAgreement(machines: readonly Machine[], prompts = PROMPTS): Promise<void> {
  const pictures = new Map<string, string>()
  for (const machine of machines) {
    expect(await machine.ended, machine.printed()).toEqual({ code: 0, signal: null })
    const made = linesOf(machine).filter(({ prompt }) => prompt !== undefined)
    expect(made.map(({ prompt }) => prompt).sort()).toEqual([...prompts].sort())
    for (const { prompt = '', digest = '' } of made) {
      expect(pictures.get(prompt) ?? digest, prompt).toBe(digest)
      pictures.set(prompt, digest)
    }
  }
}

/** The machine and prompt of a request that is under way. */
async function nextBuyer(machines: readonly Machine[], seen: Set<string>) {
  let found: { machine: Machine; line: Line } | undefined
  await expect
    .poll(
      () => {
        for (const machine of machines) {
          const line = linesOf(machine).find(
            ({ sending, requestId = '' }) => sending && !seen.has(requestId),
          )
          if (line) found = { machine, line }
        }
        return found
      },
      { timeout: 60_000, interval: 20 },
    )
    .toBeDefined()
  if (!found) throw new Error('Nobody buys.')
  seen.add(found.line.requestId ?? '')
  return found
}

describe.skipIf(!endpoint)(`a team with one store${needsS3}`, () => {
  test('four machines want twenty images: twenty requests, the same pictures everywhere', async () => {
    const api = await openApi({ delay: 150 })
    const start = await createTeam(api, await createBucket())
    const machines = ['a', 'b', 'c', 'd'].map(name => start(name))
    await expectAgreement(machines)
    expect(api.count).toBe(PROMPTS.length)
    const bought = machines.flatMap(linesOf).filter(({ how }) => how === 'generated')
    expect(bought).toHaveLength(PROMPTS.length)
    // A fifth clone of the project asks for nothing.
    const late = start('late')
    await expectAgreement([...machines, late])
    expect(api.count).toBe(PROMPTS.length)
  })

  test('holders killed: taken over under their request ID, and the doubt is reported', async () => {
    const api = await openApi({ delay: 600, idempotent: true })
    const start = await createTeam(api, await createBucket())
    const machines = ['a', 'b', 'c', 'd'].map(name => start(name))
    const seen = new Set<string>()
    const kills = 2
    for (let kill = 0; kill < kills; kill += 1) {
      const living = machines.filter(({ child }) => child.exitCode === null && !child.killed)
      const { machine } = await nextBuyer(living, seen)
      machine.child.kill('SIGKILL')
    }
    const killed = machines.filter(({ child }) => child.killed)
    const living = machines.filter(({ child }) => !child.killed)
    await expectAgreement(living)
    const sent = killed.flatMap(linesOf).filter(({ sending }) => sending)
    const finished = new Set(killed.flatMap(linesOf).map(({ prompt }) => prompt))
    const open = sent.filter(({ sending }) => !finished.has(sending))
    expect(open.length).toBeGreaterThanOrEqual(kills)
    // Whatever was under way was asked for again under the same ID, so that it was billed once.
    expect(api.billed).toBe(PROMPTS.length)
    expect(api.count).toBeLessThanOrEqual(PROMPTS.length + open.length)
    const warnings = living.flatMap(linesOf).flatMap(({ warning }) => warning ?? [])
    for (const { requestId = '' } of open) {
      expect(warnings.join('\n')).toContain(requestId)
    }
  })

  test('a holder that was stopped and resumes after a takeover adopts what the others have', async () => {
    const api = await openApi({ delay: 800, idempotent: true })
    const start = await createTeam(api, await createBucket())
    const prompts = PROMPTS.slice(0, 6)
    const stopped = start('a', prompts)
    await nextBuyer([stopped], new Set())
    stopped.child.kill('SIGSTOP')
    const others = ['b', 'c', 'd'].map(name => start(name, prompts))
    await expectAgreement(others, prompts)
    stopped.child.kill('SIGCONT')
    await expectAgreement([...others, stopped], prompts)
    expect(api.billed).toBe(prompts.length)
  })

  test('the gateway goes away in the middle and comes back: nothing is bought twice', async () => {
    const home = process.env.TEST_S3_HOME
    if (!home)
      throw new Error('TEST_S3_HOME is not set: start the server with test/s3-server/ceph.')
    const api = await openApi({ delay: 500 })
    const start = await createTeam(api, await createBucket())
    const prompts = PROMPTS.slice(0, 12)
    const startAll = () => ['a', 'b', 'c', 'd'].map(name => start(name, prompts))
    const machines = startAll()
    await nextBuyer(machines, new Set())
    await gateway('stop-gateway', home)
    await gateway('start-gateway', home)
    // Who lost patience with the store has failed, and says so; what it paid for it has kept.
    await Promise.all(machines.map(({ ended }) => ended))
    await expectAgreement(startAll(), prompts)
    expect(api.count).toBe(prompts.length)
  })
})

async function gateway(action: string, home: string): Promise<void> {
  await promisify(execFile)(resolve(import.meta.dirname, '../s3-server/ceph'), [action, home])
}
