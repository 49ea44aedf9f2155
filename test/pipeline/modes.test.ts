import { mkdir, readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import path from 'node:path'
import sharp from 'sharp'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Options } from '../../src/api.ts'
import { createProject, failureOf, open, plain, startApi } from '../support/project.ts'

const SITE = `defaults: { size: 1024x1024 }
images:
  hero: { prompt: A lighthouse on a cliff, output: { formats: [webp], widths: [16] } }
  hero-night:
    prompt: The same at night
    references: [{ image: hero }]
`

/** Somebody who only counts who comes. */
async function listen(): Promise<{ url: string; connections: () => number }> {
  let connections = 0
  const server = createServer(socket => {
    connections++
    socket.destroy()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { url: `http://127.0.0.1:${port}/v1`, connections: () => connections }
}

describe('nothing is bought', () => {
  test('without a key: one error names the variable, what is missing and the way out', async () => {
    const project = await createProject({ 'src/site.image.yaml': SITE })
    const { url, connections } = await listen()
    const { pipeline } = await open(project, url, { env: { LLMEASY_API_KEY: undefined } })
    const error = await failureOf(pipeline.generate())
    expect(error).toMatchObject({ code: 'API_KEY_MISSING' })
    expect(error.message).toBe(`LLMEASY_API_KEY is not set, and 2 originals are missing:
  src/site.image.yaml:3:3 hero
  src/site.image.yaml:4:3 hero-night: waits for hero
Set it in the environment or in \`.env.local\` to generate them, or set IMAGEGEN_MODE=draft to build with drafts.`)
    expect(pipeline.refusal()).toContain('LLMEASY_API')
    expect(connections()).toBe(0)
  })

  test('frozen: one error lists every image with its place, however many', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `picture-${index}`)
    const many = `images:\n${names.map(name => `  ${name}: { prompt: ${name} }\n`).join('')}`
    const project = await createProject({ 'a.image.yaml': SITE, 'b/many.image.yaml': many })
    const { url, connections } = await listen()
    const { pipeline } = await open(project, url, { mode: 'frozen' })
    const error = await failureOf(pipeline.generate())
    expect(error).toMatchObject({ code: 'ORIGINALS_MISSING' })
    const lines = error.message.split('\n')
    expect(lines[0]).toBe(
      'The mode is frozen, so nothing is requested, and 32 originals are missing:',
    )
    expect(lines.slice(1, -1)).toEqual([
      '  a.image.yaml:3:3 hero',
      '  a.image.yaml:4:3 hero-night: waits for hero',
      ...names.map((name, index) => `  b/many.image.yaml:${index + 2}:3 ${name}`),
    ])
    expect(lines.at(-1)).toBe(
      'Run `imagegen generate` where the API key is set, and commit .imagegen.',
    )
    expect(connections()).toBe(0)
  })

  test('frozen: what waits for a corrupt picture is not called missing', async () => {
    const project = await createProject({ 'site.image.yaml': SITE })
    const api = await startApi()
    const bought = await open(project, api.url)
    await bought.pipeline.generate({ images: [{ manifest: 'site.image.yaml', name: 'hero' }] })
    const [entry = ''] = await project.files('.imagegen/entries')
    await project.write({ [entry]: '{' })
    const { pipeline } = await open(project, api.url, { mode: 'frozen' })
    const error = await failureOf(pipeline.generate())
    expect(plain(error.message, project)).toMatch(
      /^2 of 2 images failed:\n- .+#hero: <root>.+ is not complete JSON. .*restore it/,
    )
    expect(error.message).toContain(
      'site.image.yaml#hero-night was skipped: it depends on site.image.yaml#hero, which failed.',
    )
    expect(api.count).toBe(1)
  })

  test('draft: a build says which pictures are drafts, and is refused in CI unless asked for', async () => {
    const project = await createProject({ 'site.image.yaml': SITE })
    const { url, connections } = await listen()
    const file = path.join(project.root, 'site.image.yaml')
    const drafts = [
      'This build shows 2 drafts in place of missing originals: site.image.yaml:3:3 hero, site.image.yaml:4:3 hero-night.',
    ]
    const outside = await open(project, url, { mode: 'draft', env: { CI: 'false' } })
    await outside.pipeline.resolveModule(file)
    expect(outside.warnings()).toEqual(drafts)

    const ci = await open(project, url, { mode: 'draft', env: { CI: 'true' } })
    const error = await failureOf(ci.pipeline.resolveModule(file))
    expect(error).toMatchObject({ code: 'ORIGINALS_MISSING' })
    expect(
      error.message,
    ).toBe(`\`mode\` is "draft" in CI, where a build with drafts is probably a mistake. Missing originals:
  site.image.yaml:3:3 hero
  site.image.yaml:4:3 hero-night
Run \`imagegen generate\` and commit what it generated, or set IMAGEGEN_MODE=draft to build with drafts on purpose.`)

    const asked = await open(project, url, { env: { CI: 'true', IMAGEGEN_MODE: 'draft' } })
    await asked.pipeline.resolveModule(file)
    expect(asked.warnings()).toEqual(drafts)
    expect(connections()).toBe(0)
  })

  test('draft: real pictures of the right proportions, and not one connection', async () => {
    const project = await createProject({ 'site.image.yaml': SITE })
    const { url, connections } = await listen()
    const { pipeline } = await open(project, url, {
      env: { IMAGEGEN_MODE: 'draft', LLMEASY_API_KEY: undefined },
    })
    const { images } = await pipeline.resolveModule(path.join(project.root, 'site.image.yaml'))
    expect(images.map(({ exportName }) => exportName)).toEqual(['hero', 'heroNight'])
    for (const { files, assemble } of images) {
      const { width, height } = assemble(({ path }) => path)
      await expect(sharp(await readFile(files[0]?.path ?? '')).metadata()).resolves.toMatchObject({
        width,
        height,
      })
      expect(width).toBe(height)
    }
    expect(connections()).toBe(0)
    expect(await project.files('.imagegen/entries')).toEqual([])
  })
})

describe('the budget', () => {
  test('is checked over the whole plan before the first request', async () => {
    const project = await createProject({ 'site.image.yaml': SITE })
    const { url, connections } = await listen()
    const { pipeline } = await open(project, url, { budget: { images: 1 } })
    const error = await failureOf(pipeline.generate())
    expect(error).toMatchObject({ code: 'BUDGET_EXCEEDED' })
    expect(
      error.message,
    ).toBe(`This run would generate 2 images, but \`budget.images\` allows 1 within 60 minutes, counted over all processes that use this cache. Nothing was requested:
  site.image.yaml:3:3 hero
  site.image.yaml:4:3 hero-night: waits for hero
Run \`imagegen generate --budget 2\`, which raises the limit for that run alone, or generate fewer: \`imagegen generate site.image.yaml#hero\`.`)
    expect(connections()).toBe(0)
  })

  test('counts all manifests of a build, and what failed does not count', async () => {
    const project = await createProject({
      'a.image.yaml': 'prompt: One\n',
      'b.image.yaml': 'prompt: Two\n',
      'c.image.yaml': 'prompt: Three\n',
      'd.image.yaml': 'prompt: Four\n',
    })
    const api = await startApi()
    const { pipeline } = await open(project, api.url, { budget: { images: 2 } })
    const build = (name: string) => pipeline.resolveModule(path.join(project.root, name))
    api.failNext({ status: 400, body: { error: { message: 'No.' } } })
    await failureOf(build('a.image.yaml'))
    await build('b.image.yaml')
    await build('c.image.yaml')
    const error = await failureOf(build('d.image.yaml'))
    expect(error.message).toContain(
      'This run would generate 1 image, but `budget.images` allows 2 within 60 minutes, counted over all processes that use this cache, and none of them are left.',
    )
    // What is there needs no budget.
    await build('b.image.yaml')
    expect(api.billed).toBe(2)
  })

  test('holds for manifests that are built side by side', async () => {
    const names = ['a', 'b', 'c', 'd']
    const project = await createProject(
      Object.fromEntries(names.map(name => [`${name}.image.yaml`, `prompt: ${name}\n`])),
    )
    const api = await startApi({ delay: 50 })
    const { pipeline } = await open(project, api.url, { budget: { images: 2 } })
    const built = await Promise.allSettled(
      names.map(name => pipeline.resolveModule(path.join(project.root, `${name}.image.yaml`))),
    )
    expect(built.filter(({ status }) => status === 'fulfilled').length).toBe(2)
    expect(api.count).toBe(2)
  })
})

describe('configuration', () => {
  test('options in hand lie over the file, and the environment over both', async () => {
    const project = await createProject({
      'imagegen.config.json': JSON.stringify({
        mode: 'frozen',
        provider: { concurrency: 2, model: 'other-model', retry: { maxDelay: 5 } },
        budget: { images: 7 },
      }),
    })
    const api = await startApi()
    const options: Options = { mode: 'generate', provider: { concurrency: 3 } }
    const { pipeline } = await open(project, 'http://127.0.0.1:1/v1', {
      ...options,
      env: { IMAGEGEN_MODE: 'draft', LLMEASY_BASE_URL: api.url },
    })
    expect(pipeline.options).toMatchObject({
      mode: 'draft',
      provider: {
        baseURL: api.url,
        concurrency: 3,
        model: 'other-model',
        retry: { maxDelay: 5, uncertain: 'retry' },
      },
      budget: { images: 7 },
    })
  })

  test('of TypeScript is read from the folder of the root', async () => {
    const project = await createProject({
      'app/imagegen.config.ts': `export default { budget: { images: 3 as number } }`,
      'app/site.image.yaml': SITE,
    })
    await mkdir(path.join(project.root, 'other'))
    const { pipeline } = await open(project, 'http://127.0.0.1:1/v1', { root: 'app' })
    expect(pipeline.options.budget.images).toBe(3)
    await expect(pipeline.discover()).resolves.toEqual([
      path.join(project.root, 'app/site.image.yaml'),
    ])
  })

  test('with a misspelt option names the option and the right one', async () => {
    const project = await createProject({
      'imagegen.config.json': '{ "budgets": { "images": 1 } }',
    })
    const error = await failureOf(open(project, 'http://127.0.0.1:1/v1'))
    expect(error).toMatchObject({ code: 'CONFIG_INVALID' })
    expect(error.message).toContain('`budgets` does not exist. Did you mean `budget`?')
  })
})
