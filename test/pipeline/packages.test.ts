import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { type Files, filesBelow } from '../support/folder.ts'
import {
  createProject,
  failureOf,
  open,
  type Project,
  plain,
  startApi,
} from '../support/project.ts'

const BRAND = 'node_modules/@acme/brand'

const packageJson = (name: string, exports: unknown) =>
  JSON.stringify({ name, version: '1.0.0', exports })

/** A design system: a style, a logo, and a picture that its logo refers to. */
async function brand(folder = BRAND): Promise<Record<string, string | Buffer>> {
  const mark = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'teal' } })
    .png()
    .toBuffer()
  return {
    [`${folder}/package.json`]: packageJson('@acme/brand', {
      './*.image.yaml': './images/*.image.yaml',
      './mark.png': { browser: './none.png', import: './images/mark.png' },
      './images': './images',
      './gone.image.yaml': './images/gone.image.yaml',
      './secret.image.yaml': null,
    }),
    [`${folder}/images/style.image.yaml`]: 'extends: ./base.yaml\ndefaults: { style: In teal }\n',
    [`${folder}/images/base.yaml`]: 'defaults: { size: 1024x1024 }\n',
    [`${folder}/images/secret.image.yaml`]: 'prompt: A secret\n',
    [`${folder}/images/mark.png`]: mark,
    [`${folder}/images/logo.image.yaml`]: `extends: ./base.yaml
images:
  logo: { prompt: A lamp as a logo }
  badge: { prompt: A badge, references: [./mark.png] }
`,
  }
}

const SITE = `extends: '@acme/brand/style.image.yaml'
images:
  card:
    prompt: A card with the logo
    references:
      - { manifest: '@acme/brand/logo.image.yaml', image: logo }
      - '@acme/brand/mark.png'
`

async function createSite(files: Record<string, string | Buffer> = {}): Promise<Project> {
  return createProject({ ...(await brand()), 'src/site.image.yaml': SITE, ...files })
}

function inFolder(folder: string, files: Files): Files {
  return Object.fromEntries(
    Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]),
  )
}

/** The faults of a manifest, without the frames. */
async function faultsOf(project: Project, manifest: string): Promise<string> {
  await project.write({ 'src/site.image.yaml': manifest })
  const api = await startApi()
  const { pipeline } = await open(project, api.url)
  const error = await failureOf(pipeline.generate())
  expect(api.count).toBe(0)
  return plain(error.message, project)
}

describe('a package', () => {
  test('gives style, images and pictures, and nothing is written into it', async () => {
    const project = await createSite()
    const before = await project.files(BRAND)
    const api = await startApi()
    const { pipeline } = await open(project, api.url)
    const site = path.join(project.root, 'src/site.image.yaml')
    const module = await pipeline.resolveModule(site)
    expect(api.requests.map(({ prompt }) => prompt)).toEqual([
      'A lamp as a logo',
      'A card with the logo\n\nIn teal',
    ])
    const { images } = await pipeline.plan()
    expect(images.map(({ request }) => request?.size)).toEqual(['1024x1024', '1024x1024'])
    expect(api.requests[1]?.files.map(({ name }) => name)).toEqual(['logo.png', 'mark.png'])
    expect(module.watchFiles.map(file => path.relative(project.root, file)).sort()).toEqual([
      `${BRAND}/images/base.yaml`,
      `${BRAND}/images/logo.image.yaml`,
      `${BRAND}/images/mark.png`,
      `${BRAND}/images/style.image.yaml`,
      'src/site.image.yaml',
    ])
    // The package's own references stay within it.
    await pipeline.resolveModule(path.join(project.root, BRAND, 'images/logo.image.yaml'))
    expect(api.count).toBe(3)
    expect(api.requests[2]?.files.map(({ name }) => name)).toEqual(['mark.png'])
    expect(await project.files(BRAND)).toEqual(before)
  })

  test('of a workspace is found through its link, as pnpm lays it out', async () => {
    const outer = await createProject({
      'packages/brand/package.json': '{}',
      ...(await brand('packages/brand')),
      'apps/web/package.json': '{ "name": "web" }',
      'apps/web/src/site.image.yaml': SITE,
    })
    const root = path.join(outer.root, 'apps/web')
    await mkdir(path.join(root, 'node_modules/@acme'), { recursive: true })
    await symlink('../../../../packages/brand', path.join(root, BRAND))
    const api = await startApi()
    const { pipeline } = await open({ ...outer, root }, api.url)
    const plan = await pipeline.plan()
    expect(plan.images.map(({ id }) => `${id.manifest}#${id.name}`)).toEqual([
      '../../packages/brand/images/logo.image.yaml#logo',
      'src/site.image.yaml#card',
    ])
    await pipeline.generate()
    expect(api.count).toBe(2)
    expect(await filesBelow(path.join(outer.root, 'packages/brand/.imagegen'))).toEqual([])
  })

  test('that ships its originals costs nothing, and keeps them', async () => {
    // As its authors have it: a project of their own.
    const author = await createProject(await brand('.'))
    const api = await startApi()
    const { pipeline } = await open(author, api.url)
    await pipeline.generate({ manifests: ['images/logo.image.yaml'] })
    expect(api.count).toBe(2)
    const shipped: Record<string, Buffer> = {}
    for (const file of await author.files('.imagegen')) {
      if (file.startsWith('.imagegen/local') || file.startsWith('.imagegen/types')) continue
      shipped[`${BRAND}/${file}`] = await readFile(path.join(author.root, file))
    }

    const project = await createSite(shipped)
    const before = await project.files(BRAND)
    const { pipeline: user } = await open(project, api.url)
    const plan = await user.plan()
    expect(plan.images.map(({ status }) => status.state)).toEqual(['ready', 'missing'])
    await user.resolveModule(path.join(project.root, BRAND, 'images/logo.image.yaml'))
    expect(api.count).toBe(2)
    await user.generate()
    expect(api.count).toBe(3)
    expect(await project.files(BRAND)).toEqual(before)
  })

  test('gets no other revision of an image whose picture is adopted', async () => {
    const project = await createSite()
    const api = await startApi()
    const { pipeline } = await open(project, api.url)
    await pipeline.generate()
    const image = { manifest: `${BRAND}/images/logo.image.yaml`, name: 'logo' }
    const failure = await failureOf(pipeline.adopt(image, `${BRAND}/images/mark.png`, {}))
    expect(failure).toMatchObject({ code: 'MANIFEST_NOT_WRITTEN' })
    expect(failure.message).toContain('belongs to the package @acme/brand, which is read-only here')
  })

  test('has no say over a path that exists', async () => {
    const project = await createSite({
      'src/@acme/brand/style.image.yaml': 'defaults: { style: In red }\n',
      'src/@acme/brand/logo.image.yaml': 'images: { logo: { prompt: A red logo } }\n',
    })
    const api = await startApi()
    const { pipeline } = await open(project, api.url)
    const { images } = await pipeline.manifest('src/site.image.yaml')
    expect(images[0]?.prompt).toContain('In red')
    expect(images[0]?.references[0]).toMatchObject({
      image: { manifest: 'src/@acme/brand/logo.image.yaml' },
    })
  })
})

describe('faults', () => {
  test('all of a manifest come at once, with their places', async () => {
    const project = await createSite()
    const message = await faultsOf(
      project,
      `images:
  card:
    prompt: A card
    references:
      - { manifest: '@acme/none/logo.image.yaml', image: logo }
      - { manifest: '@acme/brand/images', image: logo }
      - '@acme/brand/gone.image.yaml'
      - '@acme/brand/secret.image.yaml'
      - '@acme/brand/mark.pgn'
`,
    )
    expect(message.split('\n').filter(line => /^\S+:\d+:\d+/.test(line))).toMatchInlineSnapshot(`
      [
        "src/site.image.yaml:5:9 The package \`@acme/none\` is not installed. Install it, or start the path with \`./\`.",
        "src/site.image.yaml:6:9 "@acme/brand/images" is a folder of the package. Name a file in it.",
        "src/site.image.yaml:7:9 "@acme/brand/gone.image.yaml" cannot be read, because the package has no file ./images/gone.image.yaml.",
        "src/site.image.yaml:8:9 The package \`@acme/brand\` has no export "./secret.image.yaml". Did you mean \`./gone.image.yaml\`?",
        "src/site.image.yaml:9:9 The package \`@acme/brand\` has no export "./mark.pgn". Did you mean \`./mark.png\`?",
      ]
    `)
  })

  test.each([
    ['not installed', '@acme/none/style.image.yaml', 'The package `@acme/none` is not installed.'],
    ['no such export', '@acme/brand/styles.yaml', 'has no export "./styles.yaml"'],
    ['forbidden', '@acme/brand/secret.image.yaml', 'has no export "./secret.image.yaml"'],
    ['a folder', '@acme/brand/images', 'is a folder of the package'],
    ['a missing file', '@acme/brand/gone.image.yaml', 'has no file ./images/gone.image.yaml'],
    ['no manifest', '@acme/brand/mark.png', 'is not named like a manifest'],
  ])('extends: %s', async (_, specifier, expected) => {
    const project = await createSite()
    const message = await faultsOf(project, `extends: '${specifier}'\nprompt: A card\n`)
    expect(message).toContain('src/site.image.yaml:1:10')
    expect(message).toContain(expected)
  })

  test('a linked package without `exports` gives nothing', async () => {
    const outer = await createProject({
      ...(await brand('packages/brand')),
      'packages/brand/package.json': '{ "name": "@acme/brand" }',
      'apps/web/package.json': '{ "name": "web" }',
    })
    const root = path.join(outer.root, 'apps/web')
    await mkdir(path.join(root, 'node_modules/@acme'), { recursive: true })
    await symlink('../../../../packages/brand', path.join(root, BRAND))
    const web = await createProject({})
    const message = await faultsOf(
      { ...web, root, write: files => outer.write(inFolder('apps/web', files)) },
      `extends: '@acme/brand/images/base.yaml'\nprompt: A card\n`,
    )
    expect(message).toContain(
      'src/site.image.yaml:1:10 The linked package `@acme/brand` has no `exports`.',
    )
  })

  test('a cycle through packages names its way', async () => {
    const project = await createSite({
      [`${BRAND}/images/base.yaml`]: `extends: '@acme/base/base.image.yaml'\n`,
      'node_modules/@acme/base/package.json': packageJson('@acme/base', { './*': './*' }),
      'node_modules/@acme/base/base.image.yaml': `extends: '@acme/brand/style.image.yaml'\n`,
    })
    const message = await faultsOf(project, SITE)
    expect(message).toContain('node_modules/@acme/base/base.image.yaml:1:10')
    expect(message).toContain(
      `src/site.image.yaml → ${BRAND}/images/style.image.yaml → ${BRAND}/images/base.yaml → node_modules/@acme/base/base.image.yaml → ${BRAND}/images/style.image.yaml`,
    )
  })

  test('a cycle of references through packages is one as well', async () => {
    const project = await createSite({
      [`${BRAND}/images/logo.image.yaml`]: `images: { logo: { prompt: A lamp, references: [{ manifest: '@acme/base/a.image.yaml', image: a }] } }\n`,
      'node_modules/@acme/base/package.json': packageJson('@acme/base', { './*': './*' }),
      'node_modules/@acme/base/a.image.yaml': `images: { a: { prompt: A base, references: [{ manifest: '@acme/brand/logo.image.yaml', image: logo }] } }\n`,
    })
    expect(await faultsOf(project, SITE)).toMatch(/References form a cycle: .*logo → .*a → .*logo/)
  })

  test('nothing of a package leads out of it', async () => {
    const project = await createSite({
      'secret.yaml': 'defaults: { style: secret }\n',
      'a.png': '',
    })
    const images = path.join(project.root, BRAND, 'images')
    await symlink('../../../../secret.yaml', path.join(images, 'link.image.yaml'))
    const extending = `extends: '@acme/brand/link.image.yaml'\nprompt: A card\n`
    expect(await faultsOf(project, extending)).toContain(
      'leads out of its package, through a symlink',
    )
    await writeFile(path.join(images, 'style.image.yaml'), 'extends: ../../../../secret.yaml\n')
    expect(await faultsOf(project, SITE)).toContain('leads out of its package')
    await writeFile(
      path.join(images, 'logo.image.yaml'),
      'images: { logo: { prompt: x, references: [../../../../a.png] } }\n',
    )
    await writeFile(path.join(images, 'style.image.yaml'), 'defaults: {}\n')
    expect(await faultsOf(project, SITE)).toContain('leads out of its package')
  })
})
