import { readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSampleProject } from '../cli/sample-project.ts'
import { writeFiles } from '../support/folder.ts'
import { startApi } from '../support/project.ts'
import { type Bin, prepareBin } from '../support/run-bin.ts'
import { type Bucket, createBucket, endpoint, needsS3 } from './s3-server.ts'

let bin: Bin

beforeAll(async () => {
  bin = await prepareBin()
})
afterAll(() => bin.remove())

/** A project's clone with the store configured, and everything that it prints. */
async function openClone(bucket: Bucket, url: string, store: object = {}) {
  const cwd = await createSampleProject({
    'imagegen.config.json': JSON.stringify({
      store: { type: 's3', bucket: bucket.bucket, endpoint: bucket.endpoint, ...store },
    }),
  })
  const printed: string[] = []
  const env = {
    LLMEASY_API_KEY: 'test-key',
    LLMEASY_BASE_URL: url,
    IMAGEGEN_STORE: `s3://${bucket.bucket}/${bucket.prefix}`,
    IMAGEGEN_SIGNING_KEY: 'canary-of-a-signing-key',
    AWS_ACCESS_KEY_ID: process.env.AWS_ACCESS_KEY_ID ?? '',
    AWS_SECRET_ACCESS_KEY: process.env.AWS_SECRET_ACCESS_KEY ?? '',
    AWS_REGION: process.env.AWS_REGION ?? '',
  }
  return {
    cwd,
    printed,
    async run(args: readonly string[], changes: Record<string, string> = {}) {
      const result = await bin.run(args, { cwd, env: { ...env, ...changes } })
      printed.push(result.stdout, result.stderr)
      return result
    },
  }
}

async function openApi() {
  const api = await startApi({ scale: 0.05 })
  return api
}

const json = ({ stdout }: { stdout: string }) => JSON.parse(stdout)

describe.skipIf(!endpoint)(`the command line over a bucket${needsS3}`, () => {
  test('a second clone has everything without a request, and plan says from where', async () => {
    const [api, bucket] = [await openApi(), await createBucket()]
    const first = await openClone(bucket, api.url)
    expect(await first.run(['generate'])).toMatchObject({ code: 0 })
    const second = await openClone(bucket, api.url)
    const plan = json(await second.run(['plan', '--json']))
    expect(plan.images.map(({ where }: { where: string }) => where)).toEqual(['shared', 'shared'])
    const again = json(await second.run(['plan', '--json']))
    expect(again.images.map(({ where }: { where: string }) => where)).toEqual(['local', 'local'])
    expect(await second.run(['generate'])).toMatchObject({ code: 0 })
    expect(api.count).toBe(2)
  })

  test('push and pull copy what is selected, with a line for each', async () => {
    const [api, bucket] = [await openApi(), await createBucket()]
    const first = await openClone(bucket, api.url, { access: 'read-only' })
    const generated = await first.run(['generate'])
    expect(generated.stderr.match(/are not shared/g)).toHaveLength(2)
    const refused = await first.run(['push'])
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('read-only') })

    const config = { store: { type: 's3', bucket: bucket.bucket, endpoint: bucket.endpoint } }
    await writeFiles(first.cwd, { 'imagegen.config.json': JSON.stringify(config) })
    const pushed = await first.run(['push', '--json'])
    expect(json(pushed).summary).toMatchObject({ copied: 2, present: 0, failed: 0 })
    expect(pushed.stderr).toMatch(/\[2\/2\] src\/site\.image\.yaml#hero(-night)?: copied, /)
    expect((await first.run(['push'])).stdout).toMatch(
      /0 originals copied to s3:.* 2 already present/,
    )

    const second = await openClone(bucket, api.url)
    const one = json(await second.run(['pull', 'src/site.image.yaml#hero', '--json']))
    expect(one.summary).toMatchObject({ copied: 1, present: 0 })
    const rest = json(await second.run(['pull', '--json']))
    expect(rest.summary).toMatchObject({ copied: 1, present: 1 })
    await rm(path.join(second.cwd, '.imagegen'), { recursive: true })
    expect(json(await second.run(['pull', '--all', '--json'])).summary).toMatchObject({ copied: 2 })
    expect(await second.run(['check'])).toMatchObject({ code: 0 })
    expect(api.count).toBe(2)
  })

  test('--dry-run of push and pull says what would go and how many bytes, and sends nothing', async () => {
    const [api, bucket] = [await openApi(), await createBucket()]
    const first = await openClone(bucket, api.url, { access: 'read-only' })
    await first.run(['generate'])
    const config = { store: { type: 's3', bucket: bucket.bucket, endpoint: bucket.endpoint } }
    await writeFiles(first.cwd, { 'imagegen.config.json': JSON.stringify(config) })
    const objects = await bucket.open()
    const names = async () => {
      const found: string[] = []
      for await (const { name } of objects.list('')) found.push(name)
      return found
    }
    const before = await names()
    const dry = await first.run(['push', '--dry-run'])
    expect(dry).toMatchObject({ code: 0, stderr: expect.not.stringContaining('copied') })
    expect(dry.stdout).toMatch(
      /hero: would be copied, [\d.]+ kB\n.*\n2 originals would be copied to s3:\S+ \([\d.]+ kB\), 0 already present.* This was a dry run\.\n$/s,
    )
    expect(await names()).toEqual(before)
    const planned = json(await first.run(['push', '--dry-run', '--json']))
    const pushed = json(await first.run(['push', '--json']))
    expect(planned).toEqual({ ...pushed, dryRun: true })

    const second = await openClone(bucket, api.url)
    const pull = json(await second.run(['pull', '--dry-run', '--json']))
    const all = json(await second.run(['pull', '--all', '--dry-run', '--json']))
    // The night's key depends on the picture of the day, which is in the store alone.
    expect(pull.summary).toMatchObject({ copied: 2, missing: 0, bytes: pushed.summary.bytes })
    expect(all.summary).toMatchObject({ copied: 2, bytes: pushed.summary.bytes })
    expect(await readdir(second.cwd)).not.toContain('.imagegen')
    const pulled = json(await second.run(['pull', '--json']))
    expect(pull).toEqual({ ...pulled, dryRun: true })
    const again = json(await second.run(['pull', '--dry-run', '--json']))
    expect(again.summary).toMatchObject({ copied: 0, present: 2, bytes: 0 })
    expect(api.count).toBe(2)
  })

  test('a faulty manifest does not keep push and pull from the others', async () => {
    const [api, bucket] = [await openApi(), await createBucket()]
    const clone = await openClone(bucket, api.url)
    await clone.run(['generate'])
    await writeFiles(clone.cwd, { 'src/faulty.image.yaml': 'promt: x\n' })
    for (const command of ['push', 'pull']) {
      const { code, stdout } = await clone.run([command, '--json'])
      expect(code).toBe(1)
      expect(JSON.parse(stdout)).toMatchObject({
        faults: [{ file: 'src/faulty.image.yaml', line: 1 }],
        summary: { present: 2 },
      })
    }
  })

  test('doctor says how many originals the store has, and why it does not answer', async () => {
    const [api, bucket] = [await openApi(), await createBucket()]
    const clone = await openClone(bucket, api.url)
    await clone.run(['generate'])
    const check = async (changes: Record<string, string> = {}) => {
      const { stdout, code } = await clone.run(['doctor', '--json'], changes)
      const { checks } = JSON.parse(stdout)
      return { code, ...checks.find((one: { check: string }) => one.check === 'store') }
    }
    expect(await check()).toEqual({
      ...{ code: 0, check: 'store', level: 'ok' },
      message: `s3://${bucket.bucket}/${bucket.prefix} answers (read-write, 2 originals).`,
    })
    const denied = await check({ AWS_SECRET_ACCESS_KEY: 'canary-of-a-secret' })
    expect(denied).toMatchObject({
      level: 'problem',
      message: expect.stringContaining('credentials'),
    })
    expect(denied.message).not.toContain('canary')
    const other = await check({ IMAGEGEN_STORE: 's3://no-such-bucket-here/x' })
    expect(other).toMatchObject({
      level: 'problem',
      message: expect.stringContaining('no-such-bucket'),
    })
  })

  test('prune --store lists first, spares what is young, and deletes when told to', async () => {
    const [api, bucket] = [await openApi(), await createBucket()]
    const clone = await openClone(bucket, api.url)
    await clone.run(['generate'])
    const site = 'images: { hero: { prompt: Something else altogether } }\n'
    await writeFiles(clone.cwd, { 'src/site.image.yaml': site })
    const young = json(await clone.run(['prune', '--store', '--yes', '--json']))
    expect(young.summary.originals).toBe(0)
    const listed = await clone.run(['prune', '--store', '--older-than', '0h'])
    expect(listed.stdout).toMatch(/2 originals in s3:.*Add --yes to delete them/s)
    const objects = await bucket.open()
    const names = async () => {
      const found: string[] = []
      for await (const { name } of objects.list('')) found.push(name.split('/')[0] ?? '')
      return found.filter(name => name === 'entries' || name === 'blobs')
    }
    expect(await names()).toHaveLength(4)
    await clone.run(['prune', '--store', '--older-than', '0h', '--yes'])
    expect(await names()).toEqual([])
  })

  test('no secret is in anything that is written or printed', async () => {
    const [api, bucket] = [await openApi(), await createBucket()]
    const clone = await openClone(bucket, api.url)
    const secret = process.env.AWS_SECRET_ACCESS_KEY ?? ''
    await clone.run(['generate'])
    await clone.run(['push', '--json'])
    const wrong = { AWS_SECRET_ACCESS_KEY: 'canary-of-a-secret' }
    await rm(path.join(clone.cwd, '.imagegen/entries'), { recursive: true })
    const denied = await clone.run(['plan', '--debug'], wrong)
    expect(denied).toMatchObject({ code: 1, stderr: expect.stringContaining('credentials') })
    const texts = [...clone.printed]
    const items = await readdir(clone.cwd, { recursive: true, withFileTypes: true })
    for (const item of items.filter(found => found.isFile())) {
      texts.push(await readFile(path.join(item.parentPath, item.name), 'latin1'))
    }
    const objects = await bucket.open()
    for await (const { name } of objects.list('')) {
      const object = await objects.get(name)
      if (!object) continue
      for await (const piece of object.stream()) texts.push(Buffer.from(piece).toString('latin1'))
    }
    expect(texts.length).toBeGreaterThan(10)
    const canaries = [secret, 'canary-of-a-secret', 'canary-of-a-signing-key', 'test-key']
    for (const canary of canaries) {
      expect(texts.filter(text => text.includes(canary))).toEqual([])
    }
  })
})
