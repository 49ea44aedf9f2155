import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { ReferenceFileError } from '../../src/errors/reference-file-error.ts'
import { UnusablePictureError } from '../../src/errors/unusable-picture-error.ts'
import { provePicture, proveReference } from '../../src/renditions/encode/prove-picture.ts'
import { temporaryFolder } from '../support/folder.ts'
import { drawPng } from './pictures.ts'

const FORMATS = ['png', 'jpeg', 'webp', 'avif', 'gif', 'tiff'] as const

async function picture(format: (typeof FORMATS)[number], width = 60, height = 41): Promise<Buffer> {
  const picture = sharp(await drawPng(width, height))
  return format === 'tiff'
    ? picture.tiff({ compression: 'lzw' }).toBuffer()
    : picture.toFormat(format).toBuffer()
}

async function prove(bytes: Uint8Array | string, pixels?: number) {
  const folder = await temporaryFolder()
  const file = join(folder, 'answer')
  await writeFile(file, bytes)
  return await provePicture(file, pixels === undefined ? {} : { pixels })
}

function reference(bytes: Uint8Array, fileName = 'ana.png') {
  return { fileName, bytes: async () => new Uint8Array(bytes) }
}

/** A valid PNG header of any size, with hardly anything behind it. */
function pngHeader(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
    length.writeUInt32BE(data.length)
    check.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, check])
  }
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0])
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1A\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(1000))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

describe('provePicture', () => {
  it.each(FORMATS)('says what a %s is', async format => {
    expect(await prove(await picture(format))).toEqual({ format, width: 60, height: 41 })
  })

  it.each(FORMATS)('refuses half a %s', async format => {
    const whole = await picture(format, 200, 150)
    await expect(prove(whole.subarray(0, whole.length / 2))).rejects.toThrow(UnusablePictureError)
  })

  describe.each(['png', 'jpeg', 'webp', 'avif'] as const)('a %s above the limit', format => {
    const notWhole = new RegExp(`^The ${format} picture is (?:damaged or )?incomplete\\b`)

    it('is taken undecoded when it is whole, whatever comes behind it', async () => {
      const whole = await picture(format, 200, 150)
      const facts = { format, width: 200, height: 150, undecoded: expect.any(String) }
      expect(await prove(whole, 100)).toEqual(facts)
      const trailing = Buffer.alloc(70_000, '\xff\0 \n', 'latin1')
      expect(await prove(Buffer.concat([whole, trailing]), 100)).toEqual(facts)
    })

    it('is refused when its end is missing', async () => {
      const whole = await sharp(await drawPng(400, 300))
        .composite([{ input: await picture('png', 200, 150), top: 10, left: 10 }])
        .toFormat(format, { quality: 100 })
        .toBuffer()
      for (const left of [whole.length - 1, whole.length - 12, Math.floor(whole.length * 0.7)]) {
        await expect(prove(whole.subarray(0, left), 100)).rejects.toThrow(notWhole)
      }
    })
  })

  it('takes a progressive JPEG with a thumbnail above the limit', async () => {
    const thumbnail = await picture('jpeg', 16, 16)
    const segment = Buffer.concat([Buffer.from([0xff, 0xee, 0, 0]), thumbnail])
    segment.writeUInt16BE(thumbnail.length + 2, 2)
    const plain = await sharp(await drawPng(400, 300))
      .jpeg({ progressive: true, quality: 100 })
      .toBuffer()
    const whole = Buffer.concat([plain.subarray(0, 2), segment, plain.subarray(2)])
    expect(await prove(whole, 100)).toMatchObject({ format: 'jpeg', undecoded: expect.any(String) })
    await expect(prove(whole.subarray(0, -2), 100)).rejects.toThrow('end-of-image marker')
  })

  it('refuses a PNG above the limit with a byte changed inside, but for its metadata', async () => {
    const bytes = await drawPng(200, 150)
    const at = bytes.indexOf('IDAT') + 40
    bytes[at] = (bytes[at] ?? 0) ^ 0xff
    await expect(prove(bytes, 100)).rejects.toThrow('the checksum of its IDAT chunk is wrong')
    const described = await sharp(await drawPng(200, 150))
      .withExif({ IFD0: { Copyright: 'Ana' } })
      .png()
      .toBuffer()
    described.write('***', described.indexOf('Ana'), 'latin1')
    expect(await prove(described, 100)).toMatchObject({ undecoded: expect.any(String) })
  })

  it('refuses a PNG whose last rows are missing', async () => {
    const whole = await sharp(await drawPng(331, 257))
      .png({ compressionLevel: 0 })
      .toBuffer()
    await expect(prove(whole.subarray(0, whole.length - 400))).rejects.toThrow(/cannot be decoded/)
  })

  it('refuses a PNG with a byte changed inside', async () => {
    const bytes = await drawPng(64, 64)
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff
    await expect(prove(bytes)).rejects.toThrow(UnusablePictureError)
  })

  it('takes a PNG with something behind its end', async () => {
    const bytes = Buffer.concat([await drawPng(8, 8), Buffer.from('trailing')])
    expect(await prove(bytes)).toMatchObject({ format: 'png', width: 8 })
  })

  it.each<[string, string]>([
    ['nothing', ''],
    ['text', 'no picture'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>'],
    [
      'SVG behind an XML declaration',
      '<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>',
    ],
    ['PDF', '%PDF-1.7'],
    ['a film', '\0\0\0\x18ftypmp42\0\0\0\0mp42isom'],
    ['only the first bytes of a PNG', '\u0089PNG'],
  ])('refuses %s before the decoder sees it', async (_, text) => {
    await expect(prove(text)).rejects.toThrow(/^It is not a raster picture/)
  })

  it.each([
    [16_000, 16_000],
    [1, 3_841],
    [3_841, 1],
    [4_294_967, 3],
  ])('takes %i×%i pixels at their header’s word, without decoding', async (width, height) => {
    expect(await prove(pngHeader(width, height))).toEqual({
      format: 'png',
      width,
      height,
      undecoded: `The picture has ${width}×${height} pixels; at most 3840×3840 are decoded (\`limits.pixels\`).`,
    })
  })

  it('obeys the limit that it is given', async () => {
    expect(await prove(await picture('png'), 59)).toHaveProperty('undecoded')
    expect(await prove(await picture('png'), 60)).not.toHaveProperty('undecoded')
  })

  it('counts pixels as they are shown', async () => {
    const turned = await sharp(await picture('jpeg'))
      .withMetadata({ orientation: 6 })
      .toBuffer()
    expect(await prove(turned)).toEqual({ format: 'jpeg', width: 41, height: 60 })
  })

  it('passes on that a file cannot be read', async () => {
    const folder = await temporaryFolder()
    await expect(provePicture(join(folder, 'absent'))).rejects.toThrow('ENOENT')
  })
})

describe('proveReference', () => {
  it("a phone's photo is a reference, though it is larger than answers may be", async () => {
    const photo = await sharp({
      create: { width: 4032, height: 3024, channels: 3, background: '#c86432' },
    })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer()
    expect(await proveReference(reference(photo), 'site.image.yaml#team')).toEqual({
      format: 'jpeg',
      width: 3024,
      height: 4032,
    })
  })

  it.each(['png', 'jpeg', 'webp'] as const)('takes a %s', async format => {
    const facts = await proveReference(reference(await picture(format)), 'site.image.yaml#team')
    expect(facts.format).toBe(format)
  })

  it.each(['gif', 'tiff', 'avif'] as const)('refuses a %s', async format => {
    const attempt = proveReference(reference(await picture(format)), 'site.image.yaml#team')
    await expect(attempt).rejects.toThrow(ReferenceFileError)
    await expect(attempt).rejects.toThrow(
      `site.image.yaml#team refers to ana.png, which cannot be used. It is a picture in the format ${format}. Use png, jpeg, webp.`,
    )
  })

  it('refuses half a picture', async () => {
    const bytes = await picture('webp')
    const attempt = proveReference(reference(bytes.subarray(0, 90)), 'site.image.yaml#team')
    await expect(attempt).rejects.toThrow(/damaged or incomplete/)
  })
})
