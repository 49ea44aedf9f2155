import { cp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { createBucket, endpoint, needsS3 } from '../s3/s3-server.ts'
import { temporaryFolder } from '../support/folder.ts'
import { type Bin, prepareBin } from '../support/run-bin.ts'

/**
 * What the published 0.1.0 wrote: a project with its configuration, cache and types, the content of
 * a bucket (signed), and the cache of a machine whose runs failed or were killed. Never made anew.
 */
const FIXTURE = path.resolve(import.meta.dirname, '../fixtures/0.1.0')
const SIGNING_KEY = 'a signing key of the fixture, not a secret'
const IMAGES = 9

let bin: Bin
let api: ApiServer
beforeAll(async () => {
  bin = await prepareBin()
  api = await createApiServer({ scale: 1 / 16 })
})
afterAll(async () => {
  await api.close()
  await bin.remove()
})

async function copyOf(name: 'project' | 'interrupted'): Promise<string> {
  api.reset()
  const root = await temporaryFolder()
  await cp(path.join(FIXTURE, name), root, { recursive: true })
  await symlink(
    path.resolve(import.meta.dirname, '../../node_modules'),
    path.join(root, 'node_modules'),
  )
  return root
}

function run(root: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return bin.run(args, {
    cwd: root,
    env: { LLMEASY_API_KEY: 'test-key', LLMEASY_BASE_URL: api.url, NO_COLOR: '1', ...env },
  })
}

async function contents(folder: string): Promise<Record<string, string>> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true })
  const paths = files
    .filter(file => file.isFile())
    .map(file => path.join(file.parentPath, file.name))
  return Object.fromEntries(
    await Promise.all(
      paths.sort().map(async file => [path.relative(folder, file), await readFile(file, 'base64')]),
    ),
  )
}

describe('a project of 0.1.0', () => {
  test.each(['generate', 'frozen'])('has all of its pictures in mode %s', async mode => {
    const root = await copyOf('project')
    const { code, stdout, stderr } = await run(root, ['generate', '--json'], {
      IMAGEGEN_MODE: mode,
    })
    expect(code, stderr).toBe(0)
    const { images } = JSON.parse(stdout) as { images: { outcome: string }[] }
    expect(images).toHaveLength(IMAGES)
    expect(api.count).toBe(0)
  })

  test('passes check, and its entries and blobs stay as they are', async () => {
    const root = await copyOf('project')
    const cache = path.join(root, '.imagegen')
    // The types quote prompts, and 0.1.0 read the numbers among a manifest's variables otherwise.
    await run(root, ['sync', 'src/odd.image.yaml'])
    const before = await contents(cache)
    const { code, stdout, stderr } = await run(root, ['check'])
    expect(code, stdout + stderr).toBe(0)
    expect(await contents(cache)).toMatchObject(
      Object.fromEntries(Object.entries(before).filter(([name]) => !name.startsWith('local'))),
    )
  })

  test('loses nothing to prune', async () => {
    const root = await copyOf('project')
    const before = await contents(path.join(root, '.imagegen/blobs'))
    const { code, stdout, stderr } = await run(root, ['prune', '--yes'])
    expect(code, stdout + stderr).toBe(0)
    expect(await contents(path.join(root, '.imagegen/blobs'))).toEqual(before)
  })

  test('is built without a request', async () => {
    const root = await copyOf('project')
    const { build } = await import('vite')
    const { default: imagegen } = await import('../../src/vite.ts')
    await build({
      root,
      logLevel: 'error',
      plugins: [imagegen({ provider: { baseURL: api.url } })],
      build: {
        lib: { entry: 'src/main.js', formats: ['es'], fileName: 'main' },
        emptyOutDir: true,
      },
    })
    expect(api.count).toBe(0)
    const built = await readdir(path.join(root, 'dist'), { recursive: true })
    expect(built.filter(file => file.endsWith('.png'))).not.toHaveLength(0)
  })
})

describe('a machine whose runs of 0.1.0 failed', () => {
  test('still knows what was sent', async () => {
    const root = await copyOf('interrupted')
    const { code, stdout, stderr } = await run(root, ['plan', '--json'])
    expect(code, stderr).toBe(1)
    const { images } = JSON.parse(stdout) as { images: { name: string; state: string }[] }
    const states = Object.fromEntries(images.map(({ name, state }) => [name, state]))
    expect(states).toMatchObject({
      gateway: 'uncertain',
      killed: 'uncertain',
      text: 'unusable',
    })
    expect(api.count).toBe(0)
  })

  test('asks again under the same request ID', async () => {
    const root = await copyOf('interrupted')
    await run(root, ['generate', 'src/left.image.yaml#gateway', 'src/left.image.yaml#killed'])
    expect(api.requests.map(({ requestId }) => requestId).sort()).toEqual([
      '1076f69d-1a7b-49a0-95e1-4260b7a24936',
      '573d7d27-7412-4bb3-9889-e085ec655439',
    ])
  })
})

describe('a quarantine of 0.1.0', () => {
  const quarantine = (root: string) => contents(path.join(root, '.imagegen/local/quarantine'))

  test('is judged anew without a key or a request, and stays when it is no picture', async () => {
    const root = await copyOf('interrupted')
    const before = await quarantine(root)
    const { code, stdout, stderr } = await run(root, ['recover', '--json'], { LLMEASY_API_KEY: '' })
    expect(code, stderr).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      images: [
        {
          name: 'text',
          outcome: 'unusable',
          problem: expect.stringContaining('It is not a raster picture'),
        },
      ],
      unknown: [],
      summary: { recovered: 0, unusable: 1 },
    })
    expect(await quarantine(root)).toEqual(before)
    expect(api.count).toBe(0)
  })

  test('gives the picture that was above a limit, and the next run has it', async () => {
    const root = await copyOf('interrupted')
    const folder = path.join(root, '.imagegen/local/quarantine')
    const answer = (await readdir(folder)).find(name => name.endsWith('.answer'))
    const picture = await readFile(await aBlob())
    const body = { created: 1, data: [{ b64_json: picture.toString('base64') }] }
    await writeFile(path.join(folder, answer ?? expect.unreachable()), JSON.stringify(body))
    const { code, stdout, stderr } = await run(root, [
      'recover',
      '--json',
      'src/left.image.yaml#text',
    ])
    expect(code, stderr).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ images: [{ name: 'text', outcome: 'recovered' }] })
    expect(await quarantine(root)).toEqual({})
    const plan = await run(root, ['plan', '--json', 'src/left.image.yaml#text'])
    expect(JSON.parse(plan.stdout).images).toMatchObject([{ name: 'text', state: 'ready' }])
    expect(api.count).toBe(0)
  })

  async function aBlob(): Promise<string> {
    const blobs = path.join(FIXTURE, 'project/.imagegen/blobs')
    const files = await readdir(blobs, { recursive: true })
    const name = files.find(file => file.endsWith('.png'))
    return path.join(blobs, name ?? expect.unreachable())
  }
})

describe.skipIf(!endpoint)(`a bucket of 0.1.0${needsS3}`, () => {
  test('serves a machine that has nothing', async () => {
    const root = await copyOf('project')
    await rm(path.join(root, '.imagegen'), { recursive: true })
    const bucket = await createBucket()
    const objects = path.join(FIXTURE, 'bucket/www')
    for (const [name, bytes] of Object.entries(await contents(objects))) {
      await bucket.overwrite(name.replaceAll(path.sep, '/'), Buffer.from(bytes, 'base64'))
    }
    const config = JSON.parse(await readFile(path.join(root, 'imagegen.config.json'), 'utf8'))
    const { bucket: name, prefix } = bucket
    await writeFile(
      path.join(root, 'imagegen.config.json'),
      JSON.stringify({ ...config, store: { type: 's3', bucket: name, prefix, endpoint } }),
    )
    const aws = Object.entries(process.env).filter(([variable]) => variable.startsWith('AWS_'))
    const { code, stderr } = await run(root, ['generate'], {
      ...(Object.fromEntries(aws) as Record<string, string>),
      IMAGEGEN_SIGNING_KEY: SIGNING_KEY,
    })
    expect(code, stderr).toBe(0)
    expect(api.count).toBe(0)
    expect(await readdir(path.join(root, '.imagegen/blobs'))).toHaveLength(IMAGES)
  })
})
