import { spawn } from 'node:child_process'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { filesBelow, writeFiles } from '../support/folder.ts'
import { open } from '../support/project.ts'
import { prepareBin } from '../support/run-bin.ts'
import { ended } from '../support/run-child.ts'
import { HERO, MANIFEST, NIGHT, openSite } from './decisions.ts'

const SITE = `# What the site shows.
defaults:
  size: 1024x1024
images:
  hero: # the first screen
    prompt: A lighthouse on a cliff, seen from the sea
    output: { formats: [webp, jpeg] }
  hero-night:
    prompt: The same scene at night, the lamp lit
    references: [{ image: hero }]
    output: { formats: [webp] }
`

/** Grey of a tone of one's own, so that no two pictures are the same. */
async function picture(tone: number, { format = 'png' as 'png' | 'jpeg', side = 1024 } = {}) {
  const grey = { r: tone, g: tone, b: tone }
  const made = sharp({ create: { width: side, height: side, channels: 3, background: grey } })
  return made.toFormat(format).toBuffer()
}

async function openWith(name: string, bytes: Uint8Array, config = {}) {
  const options = JSON.stringify({ onSizeMismatch: 'warn', ...config })
  return openSite({ [MANIFEST]: SITE, 'imagegen.config.json': options, [name]: bytes })
}

/** IPTC's source type in the first rendition of each image; undefined: nothing is said. */
async function marks(cwd: string, url: string) {
  const { pipeline } = await open({ root: cwd } as Parameters<typeof open>[0], url)
  const { images } = await pipeline.resolveModule(path.join(cwd, MANIFEST))
  const found = images.map(async ({ files }) => {
    const { xmp } = await sharp(await readFile(files[0]?.path ?? '')).metadata()
    return /digitalsourcetype\/(\w+)/.exec(xmp?.toString() ?? '')?.[1]
  })
  return Promise.all(found)
}

describe('imagegen adopt', () => {
  it('makes a file the original of a missing image, which no request then asks for', async () => {
    const site = await openWith('hero.png', await picture(10))
    const dry = await site.document('adopt', HERO, 'hero.png', '--dry-run')
    expect(dry).toMatchObject({ dryRun: true, outcome: 'adopted', width: 1024, revision: 1 })
    expect(await site.entries()).toEqual([])
    const adopted = await site.imagegen('adopt', HERO, 'hero.png')
    expect(adopted).toMatchObject({ code: 0, stderr: '' })
    expect(adopted.stdout).toContain(`adopted  ${HERO}: a PNG of 1024×1024 pixels.`)
    const [name = ''] = await site.entries()
    const entry = JSON.parse(await readFile(path.join(site.cwd, '.imagegen/entries', name), 'utf8'))
    expect(entry).toMatchObject({
      attempts: 0,
      requestId: `adopted-${entry.digest.slice(0, 16)}`,
      facts: { adopted: { file: 'hero.png', ai: false } },
    })
    // The edit alone, of the adopted picture.
    await site.generate(1)
    expect(site.api.requests.map(({ path }) => path)).toEqual(['/v1/images/edits'])
    expect(await site.imagegen('check')).toMatchObject({ code: 0 })
    expect(await site.manifest()).toBe(SITE)
  })

  it('becomes the next revision where there is an original, and the one before by --undo', async () => {
    const site = await openWith('mended.jpg', await picture(20, { format: 'jpeg' }), {
      onSizeMismatch: 'ignore',
    })
    await site.generate(2)
    const dry = await site.document('adopt', HERO, 'mended.jpg', '--dry-run')
    expect(dry).toMatchObject({ revision: 2, writesRevision: true })
    expect(await site.manifest()).toBe(SITE)

    const { code, stdout, stderr } = await site.imagegen('adopt', HERO, 'mended.jpg')
    expect(code).toBe(0)
    expect(stdout).toContain(
      `The image already has an original, so this is revision 2, which was written into ${MANIFEST}.`,
    )
    expect(stderr).toContain(`${HERO}: the picture is a JPEG. The file is kept unchanged`)
    expect(await site.manifest()).toBe(
      SITE.replace('    prompt: A', '    revision: 2\n    prompt: A'),
    )
    const plan = await site.document('plan', HERO)
    expect(plan.images).toMatchObject([{ name: 'hero', state: 'ready' }])

    const twice = await site.imagegen('adopt', HERO, 'mended.jpg')
    expect(twice).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to adopt.') })
    expect(await site.entries()).toHaveLength(3)

    const undone = await site.imagegen('adopt', '--undo', HERO)
    expect(undone).toMatchObject({ code: 0 })
    expect(undone.stdout).toContain(`undone  ${HERO}. ${MANIFEST} names revision 1 again.`)
    expect(await site.manifest()).toContain('revision: 1\n')
    expect(await site.entries()).toHaveLength(2)
    expect(await site.blobs()).toHaveLength(2)
    await site.generate(0)
    const nothing = await site.imagegen('adopt', '--undo', HERO)
    expect(nothing).toMatchObject({ code: 1 })
    expect(nothing.stdout).toContain('its original was requested')
  })

  it('carries no mark of a model, unless told to; its edits are composites', async () => {
    const site = await openWith('hero.png', await picture(30), { onSizeMismatch: 'ignore' })
    await site.imagegen('adopt', HERO, 'hero.png')
    await site.generate(1)
    expect(await marks(site.cwd, site.api.url)).toEqual([
      undefined,
      'compositeWithTrainedAlgorithmicMedia',
    ])
    await site.imagegen('adopt', '--undo', HERO)
    await site.imagegen('adopt', HERO, 'hero.png', '--ai')
    expect(await marks(site.cwd, site.api.url)).toEqual([
      'trainedAlgorithmicMedia',
      'trainedAlgorithmicMedia',
    ])
    expect(site.api.count).toBe(1)
  })

  it('stays without a mark when it is kept for other words', async () => {
    const site = await openWith('hero.png', await picture(40), { onSizeMismatch: 'ignore' })
    await site.imagegen('adopt', HERO, 'hero.png')
    await site.generate(1)
    await site.editManifest('seen from the sea', 'seen from a boat')
    expect(await site.imagegen('keep', HERO)).toMatchObject({ code: 0 })
    expect((await marks(site.cwd, site.api.url))[0]).toBeUndefined()
    const undone = await site.imagegen('adopt', '--undo', HERO)
    expect(undone.stdout).toContain('it was kept: undo that with `imagegen keep --undo`')
  })
})

describe('a file that cannot be adopted', () => {
  it('is broken', async () => {
    const whole = await picture(50)
    const site = await openWith('half.png', whole.subarray(0, whole.length / 2))
    await writeFiles(site.cwd, { 'page.png': '<html></html>' })
    const half = await site.imagegen('adopt', HERO, 'half.png')
    expect(half.code).toBe(1)
    expect(half.stderr).toMatch(
      /half\.png cannot be adopted\. The png picture is damaged or incomplete/,
    )
    const page = await site.imagegen('adopt', HERO, 'page.png')
    expect(page.stderr).toMatch(/page\.png cannot be adopted\. It is not a raster picture/)
    expect(await filesBelow(path.join(site.cwd, '.imagegen/blobs'))).toEqual([])
    expect(await site.entries()).toEqual([])
  })

  it('is missing, or a folder, or not named', async () => {
    const site = await openWith('hero.png', await picture(60))
    const missing = await site.imagegen('adopt', HERO, 'herp.png')
    expect(missing).toMatchObject({ code: 2 })
    expect(missing.stderr).toContain(`The file ${path.join(site.cwd, 'herp.png')} does not exist.`)
    expect(await site.imagegen('adopt', HERO, 'src')).toMatchObject({ code: 2 })
    expect(await site.imagegen('adopt', HERO)).toMatchObject({ code: 2 })
    const { pipeline } = await open({ root: site.cwd } as Parameters<typeof open>[0], site.api.url)
    const image = { manifest: MANIFEST, name: 'hero' }
    await expect(pipeline.adopt(image, 'herp.png')).rejects.toThrow('does not exist')
    await expect(pipeline.adopt(image, 'src')).rejects.toThrow('is not a file')
  })

  it('has another size: a warning, as for answers, or an error', async () => {
    const site = await openWith('small.png', await picture(70, { side: 64 }))
    const warned = await site.imagegen('adopt', HERO, 'small.png')
    expect(warned).toMatchObject({ code: 0 })
    expect(warned.stderr).toContain(`${HERO}: the picture is 64x64, but 1024x1024 was requested.`)
    const strict = await openWith('small.png', await picture(70, { side: 64 }), {
      onSizeMismatch: 'error',
    })
    const refused = await strict.imagegen('adopt', HERO, 'small.png')
    expect(refused).toMatchObject({ code: 1 })
    expect(refused.stderr).toContain('It was not adopted. Set `onSizeMismatch` to "warn"')
    expect(await strict.entries()).toEqual([])
  })

  it('is larger than an answer may be', async () => {
    const site = await openWith('hero.png', await picture(80), { limits: { answerBytes: 1_000 } })
    const { code, stderr } = await site.imagegen('adopt', HERO, 'hero.png')
    expect(code).toBe(1)
    expect(stderr).toContain('`limits.answerBytes`')
  })

  it('is for an image that is unknown, one of several, an edit without its reference, or of a matrix', async () => {
    const site = await openWith('hero.png', await picture(90))
    expect(await site.imagegen('adopt', `${MANIFEST}#herp`, 'hero.png')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean "hero"?'),
    })
    expect(await site.imagegen('adopt', MANIFEST, 'hero.png')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('selects 2 images, but one picture belongs to one image.'),
    })
    expect(await site.imagegen('adopt', NIGHT, 'hero.png')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${NIGHT} refers to hero, which has no picture yet.`),
    })
    await writeFiles(site.cwd, { [MANIFEST]: 'images: { photo: { source: ../hero.png } }\n' })
    for (const args of [
      ['adopt', `${MANIFEST}#photo`, 'hero.png'],
      ['keep', `${MANIFEST}#photo`],
    ]) {
      const { code, stdout, stderr } = await site.imagegen(...args)
      expect(code).toBe(1)
      expect(stdout + stderr).toContain('#photo is made from a file (`source`)')
    }
    await writeFiles(site.cwd, {
      [MANIFEST]: 'images:\n  card:\n    prompt: A card, {{tone}}\n    matrix: { tone: [light] }\n',
    })
    const card = `${MANIFEST}#card-light`
    expect(await site.imagegen('adopt', card, 'hero.png')).toMatchObject({ code: 0 })
    await writeFile(path.join(site.cwd, 'hero.png'), await picture(91))
    // Its revision cannot be written, so that nothing is stored.
    const matrix = await site.imagegen('adopt', card, 'hero.png')
    expect(matrix).toMatchObject({ code: 1 })
    expect(matrix.stderr).toContain('comes from the matrix')
    expect(await site.entries()).toHaveLength(1)
  })
})

it('a read-only cache is told as such by keep and adopt, and stays as it was', async context => {
  context.skip(process.getuid?.() !== 0, 'Only root can become somebody else.')
  const [site, bin] = [await openWith('hero.png', await picture(95)), await prepareBin()]
  await site.imagegen('adopt', HERO, 'hero.png')
  await site.editManifest('seen from the sea', 'seen from a boat')
  const before = await filesBelow(site.cwd)
  for (const folder of ['.imagegen', '.imagegen/local', '.']) {
    await chmod(path.join(site.cwd, folder), 0o555)
  }
  await chmod(path.join(bin.file, '../..'), 0o755)
  const run = (...args: string[]) =>
    ended(
      spawn(process.execPath, [bin.file, ...args, '--json'], {
        cwd: site.cwd,
        uid: 65_534,
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    )
  for (const args of [
    ['keep', HERO],
    ['adopt', HERO, 'hero.png'],
  ]) {
    const { code, output } = await run(...args)
    expect(code).toBe(1)
    expect(output).toMatch(/permission was denied\. Give this user access and run again\./)
  }
  expect(await filesBelow(site.cwd)).toEqual(before)
  await bin.remove()
})
