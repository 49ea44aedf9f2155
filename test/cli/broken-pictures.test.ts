import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { drawPng } from '../renditions/pictures.ts'
import { filesBelow, temporaryFolder, writeFiles } from '../support/folder.ts'
import { KEY, startApi } from '../support/project.ts'
import { runMain } from '../support/run-main.ts'

/** Words of decoders, and a sentence that ends in nothing. */
const RAW_WORDS = /vips|libpng|Input (?:file|buffer)|webp: |bad seek|:\.|undefined/i

async function cut(format: 'png' | 'jpeg' | 'webp' | 'avif', part: number): Promise<Buffer> {
  const whole = await sharp(await drawPng(300, 200))
    .toFormat(format)
    .toBuffer()
  return whole.subarray(0, part < 1 ? whole.length * part : part)
}

const DAMAGED = 'its data ends too early or is damaged'
const NO_HEADER = 'its header cannot be read'

/** Bytes of a file, and what is said of it. */
const BROKEN: Readonly<Record<string, readonly [() => Promise<Buffer>, RegExp]>> = {
  'half.png': [() => cut('png', 0.5), RegExp(DAMAGED)],
  'head.png': [() => cut('png', 40), RegExp(`${NO_HEADER}|${DAMAGED}`)],
  'half.jpeg': [() => cut('jpeg', 0.5), RegExp(DAMAGED)],
  'head.jpeg': [() => cut('jpeg', 40), RegExp(DAMAGED)],
  'half.webp': [() => cut('webp', 0.5), RegExp(NO_HEADER)],
  'half.avif': [() => cut('avif', 0.5), RegExp(`${DAMAGED}|is not a PNG`)],
  'head.avif': [() => cut('avif', 40), RegExp(`${DAMAGED}|${NO_HEADER}|is not a PNG`)],
  'page.png': [async () => Buffer.from('<!DOCTYPE html>\n<html>'), /HTML/],
  'error.png': [async () => Buffer.from('{"error":"not found"}'), /JSON/],
  'empty.png': [async () => Buffer.alloc(0), /empty/],
}

const NAMES = Object.keys(BROKEN)

const bytesOf = new Map<string, Buffer>()
beforeAll(async () => {
  for (const [name, [make]] of Object.entries(BROKEN)) bytesOf.set(name, await make())
})

async function createSite(manifest: string) {
  const root = await temporaryFolder()
  const pictures = Object.fromEntries(bytesOf)
  await writeFiles(root, {
    'package.json': '{ "name": "site" }',
    'site.image.yaml': manifest,
    ...pictures,
  })
  return root
}

/** A manifest with an image for each file, named like it. */
function imagesOf(fieldsOf: (name: string) => string): string {
  const lines = NAMES.map(name => `  ${name.replace('.', '-')}: { ${fieldsOf(name)} }\n`)
  return `defaults: { size: 1024x1024 }\nimages:\n${lines.join('')}`
}

/** What is said of each file: once, without the words of a decoder, and with what to do. */
function expectEach(text: string, advice: RegExp): void {
  const lines = text.split('\n').filter(line => line.startsWith('- '))
  expect(lines).toHaveLength(NAMES.length)
  for (const [index, name] of NAMES.entries()) {
    const line = lines.find(line => RegExp(`\\b${name.replace('.', '[.-]')}\\b`).test(line)) ?? ''
    expect(line, `${index} ${text}`).toMatch(BROKEN[name]?.[1] ?? '')
    expect(line).toMatch(advice)
    expect(line).not.toMatch(RAW_WORDS)
  }
}

describe('a broken picture', () => {
  test('as a reference', async () => {
    const root = await createSite(imagesOf(name => `prompt: P, references: [./${name}]`))
    const api = await startApi()
    const { code, stdout } = await runMain(['generate'], root, {
      ...{ LLMEASY_API_KEY: KEY, LLMEASY_BASE_URL: api.url },
    })
    expect(code).toBe(1)
    expectEach(stdout, /again|Convert|itself/)
    expect(api.count).toBe(0)
  })

  test.each(NAMES)('as a source image: %s', async name => {
    const root = await createSite(`source: ./${name}\noutput: { formats: [webp], widths: [64] }\n`)
    const out = ['export', '--out', 'out', '--public-path', '/', '--data', 'images.json']
    const { code, stderr } = await runMain(out, root)
    expect(code).toBe(1)
    expect(stderr).toContain(name)
    expect(stderr).toMatch(BROKEN[name]?.[1] ?? '')
    expect(stderr).toMatch(/again|itself/)
    expect(stderr).not.toMatch(RAW_WORDS)
  })

  test.each(NAMES)('as an adopted original: %s', async name => {
    const root = await createSite('prompt: A lighthouse\nsize: 1024x1024\n')
    const { code, stderr } = await runMain(['adopt', 'site', name], root)
    expect(code).toBe(1)
    expect(stderr).toContain(`${path.join(root, name)} cannot be adopted. `)
    expect(stderr).toMatch(BROKEN[name]?.[1] ?? '')
    expect(stderr).toContain('Save it again, or choose another file.')
    expect(stderr).not.toMatch(RAW_WORDS)
  })

  test.each(NAMES.filter(name => name !== 'empty.png'))(
    'as an answer of the API: %s',
    async name => {
      const root = await createSite('prompt: A lighthouse\nsize: 1024x1024\n')
      const api = await startApi()
      api.failNext({ body: { data: [{ b64_json: bytesOf.get(name)?.toString('base64') }] } })
      const { code, stdout } = await runMain(['generate'], root, {
        ...{ LLMEASY_API_KEY: KEY, LLMEASY_BASE_URL: api.url },
      })
      expect(code).toBe(1)
      expect(stdout).toMatch(BROKEN[name]?.[1] ?? '')
      expect(stdout).toContain('`imagegen recover`')
      expect(stdout).not.toMatch(RAW_WORDS)
      expect(api.count).toBe(1)
    },
  )
})

test('a blob that was cut off, emptied or replaced is named, with where to get it back', async () => {
  const api = await startApi()
  for (const spoil of [
    (bytes: Buffer) => bytes.subarray(0, bytes.length / 2),
    () => Buffer.alloc(0),
    () => Buffer.from('<html>'),
  ]) {
    const root = await createSite(
      'prompt: A lighthouse\nsize: 1024x1024\noutput: { widths: [64] }\n',
    )
    const env = { LLMEASY_API_KEY: KEY, LLMEASY_BASE_URL: api.url }
    expect(await runMain(['generate'], root, env)).toMatchObject({ code: 0 })
    const [blob = ''] = (await filesBelow(path.join(root, '.imagegen/blobs'))).filter(file =>
      file.endsWith('.png'),
    )
    const file = path.join(root, '.imagegen/blobs', blob)
    await writeFile(file, spoil(await readFile(file)))
    const { code, stdout } = await runMain(['check'], root, env)
    expect(code).toBe(1)
    expect(stdout).toMatch(/site is corrupt: .*Restore `\.imagegen` from version control/s)
    expect(stdout).not.toMatch(RAW_WORDS)
  }
})
