import { randomBytes } from 'node:crypto'
import { readFile, symlink } from 'node:fs/promises'
import path from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { createProject, failureOf, open, plain, startApi } from '../support/project.ts'

function portrait(background: string): Promise<Buffer> {
  return sharp({ create: { width: 24, height: 24, channels: 3, background } })
    .png()
    .toBuffer()
}

describe('a graph of references', () => {
  const GRAPH = {
    'brand/logo.image.yaml': 'images:\n  logo: { prompt: A lamp as a logo }\n',
    'src/site.image.yaml': `defaults: { size: 1024x1024 }
images:
  card:
    prompt: A card of the night scene with the logo
    references: [{ image: night }, { manifest: ../brand/logo.image.yaml, image: logo }]
  night: { prompt: The same at night, references: [{ image: hero }] }
  hero: { prompt: A lighthouse }
  team: { prompt: Two keepers, references: [./ana.png] }
`,
  }

  test('is made in its order, across manifests, each picture sent on', async () => {
    const project = await createProject({ ...GRAPH, 'src/ana.png': await portrait('#f59e0b') })
    const api = await startApi()
    const { pipeline } = await open(project, api.url)
    // One manifest is asked for; what it needs of the other comes along.
    await pipeline.resolveModule(path.join(project.root, 'src/site.image.yaml'))
    const order = api.requests.map(({ prompt }) => prompt)
    const at = (text: string) => order.findIndex(prompt => prompt.includes(text))
    expect(order.length).toBe(5)
    expect(at('A lighthouse')).toBeLessThan(at('at night'))
    expect(at('at night')).toBeLessThan(at('A card'))
    expect(at('as a logo')).toBeLessThan(at('A card'))
    expect(api.requests[at('A card')]?.files.map(({ name, field }) => [field, name])).toEqual([
      ['image[]', 'night.png'],
      ['image[]', 'logo.png'],
    ])
    // The other manifest finds its picture bought.
    await pipeline.resolveModule(path.join(project.root, 'brand/logo.image.yaml'))
    expect(api.count).toBe(5)
  })

  test('tells an alternative from an image that is called like its label', async () => {
    const project = await createProject({
      's.image.yaml': `images:
  hero@2: { prompt: Another lighthouse }
  hero: { prompt: A lighthouse, references: [{ image: hero@2 }] }
`,
    })
    const api = await startApi()
    const { pipeline } = await open(project, api.url)
    const images = [{ manifest: 's.image.yaml', name: 'hero' }]
    const report = await pipeline.generate({ images, revision: 2 })
    expect(report.images.map(({ image }) => image)).toEqual([
      { manifest: 's.image.yaml', name: 'hero@2' },
      { manifest: 's.image.yaml', name: 'hero', revision: 2 },
    ])
    expect(api.requests.map(({ files }) => files.length)).toEqual([0, 1])
  })

  test('an edited reference buys what depends on it, and nothing else', async () => {
    const project = await createProject({
      'a.png': await portrait('#f59e0b'),
      's.image.yaml': `images:
  team: { prompt: Two keepers, references: [./a.png] }
  poster: { prompt: A poster of them, references: [{ image: team }] }
  hero: { prompt: A lighthouse }
`,
    })
    const api = await startApi()
    const { pipeline } = await open(project, api.url)
    await pipeline.generate()
    api.reset()
    await project.write({ 'a.png': await portrait('#38bdf8') })
    const report = await pipeline.generate()
    expect(report.images.map(({ image, outcome }) => [image.name, outcome])).toEqual([
      ['team', 'generated'],
      ['poster', 'generated'],
      ['hero', 'cached'],
    ])
    // Back again: everything is still there.
    await project.write({ 'a.png': await portrait('#f59e0b') })
    await pipeline.generate()
    expect(api.count).toBe(2)
  })

  test('marks as composite what supplied pictures went into, through other images too', async () => {
    const output = 'output: { formats: [webp], widths: [16] }'
    const project = await createProject({
      'a.png': await portrait('#f59e0b'),
      's.image.yaml': `defaults: { ${output} }
images:
  team: { prompt: Two keepers, references: [./a.png] }
  poster: { prompt: A poster of them, references: [{ image: team }] }
  hero: { prompt: A lighthouse }
  night: { prompt: At night, references: [{ image: hero }] }
`,
    })
    const api = await startApi()
    const { pipeline } = await open(project, api.url)
    const { images } = await pipeline.resolveModule(path.join(project.root, 's.image.yaml'))
    const sources = await Promise.all(
      images.map(async ({ files }) => {
        const { xmp } = await sharp(await readFile(files[0]?.path ?? '')).metadata()
        return /digitalsourcetype\/(\w+)/.exec(xmp?.toString() ?? '')?.[1]
      }),
    )
    expect(sources).toEqual([
      'compositeWithTrainedAlgorithmicMedia',
      'compositeWithTrainedAlgorithmicMedia',
      'trainedAlgorithmicMedia',
      'trainedAlgorithmicMedia',
    ])
  })

  test('a cycle through two manifests is named, and nothing is bought', async () => {
    const project = await createProject({
      'a.image.yaml': `images:
  one: { prompt: One, references: [{ image: two }] }
  two: { prompt: Two, references: [{ manifest: ./b.image.yaml, image: three }] }
`,
      'b.image.yaml': `images:
  three: { prompt: Three, references: [{ manifest: ./a.image.yaml, image: one }] }
`,
    })
    const api = await startApi()
    const { pipeline } = await open(project, api.url)
    const error = await failureOf(pipeline.generate())
    expect(error).toMatchObject({ code: 'REFERENCE_GRAPH_INVALID' })
    expect(error.message).toBe(
      'References form a cycle: a.image.yaml#one → a.image.yaml#two → b.image.yaml#three → a.image.yaml#one. Remove one of these references.',
    )
    expect(api.count).toBe(0)
  })

  test.each([
    [
      'image',
      '{ manifest: ./b.image.yaml, image: lgo }',
      'b.image.yaml#lgo, but that manifest has no image `lgo`. Did you mean `logo`?',
    ],
    [
      'manifest',
      '{ manifest: ./none.image.yaml, image: logo }',
      'none.image.yaml#logo, but that manifest does not exist.',
    ],
  ])('an unknown %s is told where it is referred to', async (_what, reference, words) => {
    const project = await createProject({
      'a.image.yaml': `images:\n  one: { prompt: One, references: [${reference}] }\n`,
      'b.image.yaml': 'images:\n  logo: { prompt: A logo }\n',
    })
    const api = await startApi()
    const { pipeline } = await open(project, api.url)
    const { message } = await failureOf(pipeline.generate())
    expect(message).toBe(`a.image.yaml:2:36 \`one\` refers to ${words}`)
    expect(api.count).toBe(0)
  })
})

/** 16384 × 16384 pixels in some 30 KB. */
function bomb(): Buffer {
  const side = 16_384
  const header = Buffer.alloc(13)
  header.writeUInt32BE(side, 0)
  header.writeUInt32BE(side, 4)
  header.set([1, 0], 8)
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data])
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    check.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, check])
  }
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc((side / 8 + 1) * side), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

describe('a reference file that cannot be used spoils its image only', () => {
  const cases: readonly (readonly [string, () => Promise<Buffer | undefined>, string])[] = [
    [
      'missing',
      async () => undefined,
      's.image.yaml:3:45 (team): reference r.png does not exist. Paths of references are relative to their manifest.',
    ],
    [
      'no picture',
      async () => randomBytes(100),
      's.image.yaml:3:45 (team): reference r.png is not a PNG, JPEG or WebP picture.',
    ],
    [
      'truncated',
      async () => (await portrait('#fff')).subarray(0, 80),
      's.image.yaml#team refers to r.png, which cannot be used. The png picture is damaged or incomplete and cannot be decoded: ',
    ],
    [
      'far too large in pixels',
      async () => bomb(),
      's.image.yaml#team refers to r.png, which cannot be used. The picture has 16384×16384 pixels; a reference may have at most 100 megapixels. Use a smaller one.',
    ],
  ]
  test.each(cases)('%s', async (_name, make, words) => {
    const content = await make()
    const project = await createProject({
      ...(content && { 'r.png': content }),
      's.image.yaml': `images:
  hero: { prompt: A lighthouse }
  team: { prompt: Two keepers, references: [./r.png] }
`,
    })
    const api = await startApi()
    const { pipeline } = await open(project, api.url)
    const { message } = await failureOf(pipeline.generate())
    expect(plain(message, project)).toContain(`1 of 2 images failed:\n- ${words}`)
    expect(message).toContain('The other one is generated and kept')
    expect(api.requests.map(({ prompt }) => prompt)).toEqual(['A lighthouse'])
  })

  test.skipIf(process.platform === 'win32')('outside the project, through a link', async () => {
    const elsewhere = await createProject({ 'secret.png': await portrait('#fff') })
    const project = await createProject({
      's.image.yaml': 'prompt: Two keepers\nreferences: [./r.png]\n',
    })
    await symlink(path.join(elsewhere.root, 'secret.png'), path.join(project.root, 'r.png'))
    const api = await startApi()
    const { pipeline } = await open(project, api.url)
    const { message } = await failureOf(pipeline.generate())
    expect(message).toContain(
      's.image.yaml:2:14 (s): reference r.png lies outside the project. Copy the picture into the project.',
    )
    expect(message).not.toContain(elsewhere.root)
    expect(api.count).toBe(0)
  })
})

test('the faults of all manifests come together', async () => {
  const project = await createProject({
    'a.image.yaml': 'images:\n  one: { promt: One }\n',
    'b.image.yaml': 'images:\n  two: { prompt: Two, size: 1000x1000 }\n',
    'c.image.yaml': 'images:\n  three: { prompt: Three }\n',
  })
  const api = await startApi()
  const { pipeline } = await open(project, api.url)
  const error = await failureOf(pipeline.generate())
  expect(error).toMatchObject({ code: 'MANIFEST_INVALID' })
  expect(error.message).toMatch(/^a\.image\.yaml:2:/)
  expect(error.message).toMatch(/^b\.image\.yaml:2:29 .*1024x1024/m)
  expect(api.count).toBe(0)
})
