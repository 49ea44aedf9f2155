import { createHash } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { exportImages } from '../../src/api.ts'
import { createProject, open, type Project, startApi } from '../support/project.ts'
import { FILES, missingFiles, SITE, TARGET, urlsIn } from './sample-export.ts'

async function openSample(files: Readonly<Record<string, string>> = {}) {
  const api = await startApi()
  const project = await createProject({ ...FILES, ...files })
  const { pipeline } = await open(project, api.url)
  const read = (name: string) => readFile(path.join(project.root, name), 'utf8')
  return { api, project, pipeline, read }
}

/** Every exported file and its content. */
async function snapshot(project: Project): Promise<Record<string, string>> {
  const names = [...(await project.files('public')), ...(await project.files('data'))]
  const contents = await Promise.all(
    names.map(async name => {
      const bytes = await readFile(path.join(project.root, name))
      return [name, createHash('sha256').update(bytes).digest('hex')] as const
    }),
  )
  return Object.fromEntries(contents)
}

describe('what an export writes', () => {
  test('pictures under hashed and fixed names, and JSON of what imports would give', async () => {
    const { pipeline, project, read, api } = await openSample()
    const report = await exportImages(pipeline, TARGET)
    const images = JSON.parse(await read('data/images.json'))
    expect(images).toMatchObject({
      logo: { format: 'png', alt: 'The logo', width: 32 },
      site: {
        hero: {
          alt: 'A lamp </script>',
          sources: [{ type: 'image/webp' }, { type: 'image/jpeg' }],
        },
        'hero-night': { src: '/img/og/home%20card.png' },
      },
    })
    expect(images.site.hero.src).toMatch(/^\/img\/hero-32w-[0-9a-f]{8}\.jpg$/)
    expect(await read('data/images.json')).not.toContain('</script>')
    const pictures = await project.files('public')
    expect(urlsIn(await read('data/images.json')).map(url => `public/img/${url}`)).toEqual(pictures)
    expect(pictures).toHaveLength(6)
    expect(report).toMatchObject({ images: 3, unchanged: 0, removed: [], left: [], warnings: [] })
    expect([...report.written].sort()).toEqual([...pictures, 'data/images.json'].sort())
    expect(api.count).toBe(3)
  })

  test('ten exports are the same, byte for byte, and later ones write nothing', async () => {
    const { pipeline, project } = await openSample()
    await exportImages(pipeline, { ...TARGET, html: true })
    const first = await snapshot(project)
    expect(Object.keys(first)).toHaveLength(10)
    for (let time = 2; time <= 5; time++) {
      const report = await exportImages(pipeline, { ...TARGET, html: true })
      expect(report).toMatchObject({ written: [], unchanged: 10 })
      expect(await snapshot(project)).toEqual(first)
    }
    for (let time = 6; time <= 10; time++) {
      for (const made of ['public', 'data', 'node_modules', '.imagegen/exports']) {
        await project.remove(made)
      }
      await exportImages(pipeline, { ...TARGET, html: true })
      expect(await snapshot(project)).toEqual(first)
    }
  })

  test('a JavaScript module that can be imported, also with names that are hard to write', async () => {
    const { pipeline, project, read } = await openSample({
      'src/__proto__.image.yaml': 'prompt: x\nsize: 1024x1024\n',
      'src/404.image.yaml': 'prompt: Lost\nsize: 1024x1024\n',
    })
    await exportImages(pipeline, {
      out: 'public',
      publicPath: 'https://cdn.test/',
      module: 'm.mjs',
    })
    const module = await import(pathToFileURL(path.join(project.root, 'm.mjs')).href)
    expect(Object.keys(module.default)).toEqual(['404', '__proto__', 'logo', 'site'])
    expect(module._404).toBe(module.default['404'])
    expect(Object.keys(module.site)).toEqual(['hero', 'hero-night'])
    expect(module.proto.format).toBe('png')
    expect(module.site.hero.src).toMatch(/^https:\/\/cdn\.test\/hero-32w-/)
    expect(await read('m.mjs')).toMatch(/^\/\/ Written by imagegen export\. Edits are lost\.\n/)
  })

  test('markup for each image, with a warning where an `alt` is missing', async () => {
    const { pipeline, read } = await openSample()
    const { warnings } = await exportImages(pipeline, {
      out: 'public/img',
      publicPath: '/img/',
      html: true,
    })
    expect(await read('public/img/site/hero.html')).toMatch(
      /^<picture><source type="image\/webp" srcset="\/img\/hero-16w-\w+\.webp 16w, [^"]+"><img alt="A lamp &lt;\/script&gt;" width="32" height="32" .*<\/picture>\n$/,
    )
    expect(await read('public/img/logo.html')).toContain('alt="The logo"')
    expect(warnings).toEqual([
      expect.stringMatching(/^src\/site\.image\.yaml#hero-night has no `alt`/),
    ])
  })

  test('only files with names of their own where nothing would name the others', async () => {
    const { pipeline, project } = await openSample()
    await exportImages(pipeline, { out: 'public' })
    expect(await project.files('public')).toEqual(['public/og/home card.png'])
    await project.remove('src/site.image.yaml')
    await expect(exportImages(pipeline, { out: 'public' })).rejects.toThrow(
      'No image has a file name of its own (`output.file`, `output.files`), and nothing would name the others. Add --module, --data or --html.',
    )
  })

  test('drafts in draft mode', async () => {
    const { api, project, read } = await openSample()
    const { pipeline } = await open(project, api.url, { mode: 'draft' })
    await exportImages(pipeline, TARGET)
    expect(JSON.parse(await read('data/images.json')).site.hero).toMatchObject({ format: 'jpeg' })
    expect(await missingFiles(project)).toEqual([])
    expect(api.count).toBe(0)
  })
})

describe('what an export removes', () => {
  test('what an earlier one wrote and no image needs, and folders that are empty then', async () => {
    const { pipeline, project } = await openSample()
    await exportImages(pipeline, TARGET)
    const before = await project.files('public')
    await project.write({
      'public/img/own.png': 'mine',
      'src/site.image.yaml': SITE.slice(0, SITE.indexOf('  hero-night')),
    })
    const report = await exportImages(pipeline, TARGET)
    expect(report.removed).toEqual(['public/img/og/home card.png'])
    expect(await project.files('public')).toEqual(
      [...before.filter(name => !name.includes('/og/')), 'public/img/own.png'].sort(),
    )
  })

  test('nothing that another export names, and nothing that was changed since', async () => {
    const { pipeline, project, read } = await openSample()
    const site = { ...TARGET, manifests: ['src/site.image.yaml'] }
    const all = { ...TARGET, data: 'data/all.json' }
    await exportImages(pipeline, all)
    await exportImages(pipeline, site)
    await project.write({ 'src/site.image.yaml': SITE.slice(0, SITE.indexOf('  hero-night')) })
    expect((await exportImages(pipeline, site)).removed).toEqual([])
    await project.write({ 'public/img/og/home card.png': 'retouched' })
    const report = await exportImages(pipeline, all)
    expect(report).toMatchObject({
      removed: [],
      left: [{ file: 'public/img/og/home card.png', reason: 'changed' }],
    })
    expect(await read('public/img/og/home card.png')).toBe('retouched')
    // It is theirs now.
    expect((await exportImages(pipeline, all)).left).toEqual([])
  })

  test('no file of the same name in a clone that got only the list', async () => {
    const { pipeline, project, read } = await openSample()
    await exportImages(pipeline, TARGET)
    await project.remove('public')
    await project.write({
      'public/img/og/home card.png': 'of somebody else',
      'src/site.image.yaml': SITE.slice(0, SITE.indexOf('  hero-night')),
    })
    await exportImages(pipeline, TARGET)
    expect(await read('public/img/og/home card.png')).toBe('of somebody else')
  })
})

describe('bad input', () => {
  test('a foreign file under the name of an exported one stays, and nothing is written', async () => {
    const { pipeline, project, read } = await openSample({ 'public/img/og/home card.png': 'mine' })
    await expect(exportImages(pipeline, TARGET)).rejects.toThrow(
      'public/img/og/home card.png is there already, and no export wrote it like that. Nothing was exported. Move it away, or export into another folder.',
    )
    expect(await project.files('public')).toEqual(['public/img/og/home card.png'])
    expect(await project.files('data')).toEqual([])
    expect(await read('public/img/og/home card.png')).toBe('mine')
  })

  test('a list, a module or a folder of somebody else is not replaced', async () => {
    const { pipeline, project, read } = await openSample({
      'data/images.json': '{}',
      'src/images.ts': 'export const mine = 1\n',
      'img/og/home card.png/x': '',
    })
    await expect(exportImages(pipeline, TARGET)).rejects.toThrow(/^data\/images\.json is there/)
    const module = { out: 'public', publicPath: '/', module: 'src/images.ts' }
    await expect(exportImages(pipeline, module)).rejects.toThrow(/^src\/images\.ts is there/)
    await expect(exportImages(pipeline, { out: 'img' })).rejects.toThrow(
      /^img\/og\/home card\.png is/,
    )
    expect(await read('src/images.ts')).toBe('export const mine = 1\n')
    expect(await project.files('public')).toEqual([])
  })

  test('a module that a formatter has changed is replaced, and so is JSON', async () => {
    const { pipeline, project, read } = await openSample()
    const module = { out: 'public', publicPath: '/', module: 'src/images.ts' }
    await exportImages(pipeline, module)
    await exportImages(pipeline, TARGET)
    const [code, json] = [await read('src/images.ts'), await read('data/images.json')]
    await project.write({
      'src/images.ts': code.replaceAll('"', "'").replaceAll('\n', '\r\n'),
      'data/images.json': JSON.stringify(JSON.parse(json)),
    })
    await exportImages(pipeline, module)
    await exportImages(pipeline, TARGET)
    expect([await read('src/images.ts'), await read('data/images.json')]).toEqual([code, json])
  })

  test.each([
    [
      '.',
      /^The export would go into .*, where the project itself lies\. Give it a folder of its own/,
    ],
    ['..', /^The export would go into .*, where the project itself lies\./],
    ['../elsewhere', /^The folder .*elsewhere is outside of the project .* set the option `root`/],
    ['.imagegen', /^The export would go into \.imagegen, which is a folder of imagegen’s own\./],
    ['.imagegen/blobs/x', /^The export would go into \.imagegen\/blobs\/x, which is a folder of/],
    ['node_modules', /^The export would go into node_modules, which is a folder of imagegen’s own/],
    [
      'src',
      /^The export would go into src, which holds the manifest src\/logo\.image\.yaml\. Choose/,
    ],
    [
      'package.json',
      /^package\.json is a file, so nothing can be exported into it\. Choose a folder/,
    ],
  ])('out: %s', async (out, message) => {
    const { pipeline, project } = await openSample()
    const before = await project.files()
    await expect(exportImages(pipeline, { ...TARGET, out })).rejects.toThrow(message)
    expect(await project.files()).toEqual(before)
  })

  test.each([
    [
      { module: 'src/images.css' },
      /^The module "src\/images\.css" must end with \.ts, \.mts, \.js or/,
    ],
    [{ module: 'src/images' }, /^The module "src\/images" must end with/],
    [{ module: 'src/images.json' }, /For JSON, use --data\.$/],
    [{ module: 'src/images.d.ts' }, /^The module "src\/images\.d\.ts" must end with/],
    [{ data: 'images.yaml' }, /^The data file "images\.yaml" must end with \.json\./],
    [{ data: 'a.json', module: 'a.ts' }, /^An export writes a module or a data file, not both\./],
    [{ data: '../a.json' }, /^The file .*a\.json is outside of the project/],
    [{ data: 'a.json', publicPath: undefined }, /^The public path is missing/],
    [{ data: 'a.json', publicPath: '/my img/' }, /^The public path "\/my img\/" has a character/],
  ])('%o', async (given, message) => {
    const { pipeline, project } = await openSample()
    const options = { out: 'public', publicPath: '/', ...given }
    const before = await project.files()
    // @ts-expect-error An option that is given as undefined.
    await expect(exportImages(pipeline, options)).rejects.toThrow(message)
    expect(await project.files()).toEqual(before)
  })

  test('manifests that would be exported under one name', async () => {
    const { pipeline } = await openSample({
      'src/pages/Logo.image.yaml': 'prompt: x\nsize: 1024x1024\n',
    })
    await expect(exportImages(pipeline, TARGET)).rejects.toThrow(
      /^src\/logo\.image\.yaml and src\/pages\/Logo\.image\.yaml would both be exported as logo\. Rename one/,
    )
  })

  test('a link that leads out of the project', async () => {
    const { pipeline, project } = await openSample()
    const other = await createProject({ 'og/x.png': '' })
    const { symlink } = await import('node:fs/promises')
    await project.write({ 'public/img/x': '' })
    await symlink(path.join(other.root, 'og'), path.join(project.root, 'public/img/og'))
    await symlink(other.root, path.join(project.root, 'linked'))
    await expect(exportImages(pipeline, TARGET)).rejects.toThrow(
      'public/img/og is a link that leads out of the project. Choose a folder inside.',
    )
    await expect(exportImages(pipeline, { out: 'linked' })).rejects.toThrow(
      /is outside of the project/,
    )
    expect(await other.files()).toEqual(['og/x.png'])
  })

  test('a picture that failed leaves the earlier export whole', async () => {
    const { api, pipeline, project } = await openSample()
    await exportImages(pipeline, TARGET)
    const before = await snapshot(project)
    api.failNext({ status: 400 })
    await project.write({ 'src/logo.image.yaml': 'prompt: Another\nsize: 1024x1024\n' })
    await expect(exportImages(pipeline, TARGET)).rejects.toThrow(/src\/logo\.image\.yaml#logo/)
    expect(await snapshot(project)).toEqual(before)
  })

  test('a manifest that changes during the export: it is exported as it is in the end', async () => {
    const { api, pipeline, project, read } = await openSample()
    const answer = api.hold()
    const exporting = exportImages(pipeline, TARGET)
    await expect.poll(() => api.count).toBe(3)
    await writeFile(
      path.join(project.root, 'src/site.image.yaml'),
      SITE.replace('[16, 32]', '[16, 24]').replace('hero-night', 'hero-dusk'),
    )
    answer()
    await exporting
    const { site } = JSON.parse(await read('data/images.json'))
    expect(Object.keys(site)).toEqual(['hero', 'hero-dusk'])
    expect(site.hero.srcset).toMatch(/ 16w, .* 24w$/)
    expect(await missingFiles(project)).toEqual([])
    expect(api.count).toBe(3)
  })

  test('an output that a reader has open: it reads on, and the export succeeds', async () => {
    const { pipeline, project } = await openSample()
    await exportImages(pipeline, TARGET)
    const file = path.join(project.root, 'public/img/og/home card.png')
    const before = await readFile(file)
    const { open: openFile } = await import('node:fs/promises')
    const reader = await openFile(file)
    await project.write({ 'src/site.image.yaml': SITE.replace('A lamp at night', 'Dusk') })
    await exportImages(pipeline, TARGET)
    expect(Buffer.compare(await reader.readFile(), before)).toBe(0)
    await reader.close()
    expect(Buffer.compare(await readFile(file), before)).not.toBe(0)
  })

  test('a damaged list makes no file one of an export', async () => {
    const { pipeline, project } = await openSample()
    await exportImages(pipeline, TARGET)
    const [list = ''] = await project.files('.imagegen/exports')
    await project.write({ [list]: '<<<<<<< ours' })
    await project.write({ 'src/site.image.yaml': SITE.slice(0, SITE.indexOf('  hero-night')) })
    const changed = exportImages(pipeline, TARGET)
    await expect(changed).rejects.toThrow(/^data\/images\.json is there already/)
    await rm(path.join(project.root, 'data/images.json'))
    expect((await exportImages(pipeline, TARGET)).removed).toEqual([])
  })
})
