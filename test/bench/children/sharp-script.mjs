import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import pLimit from 'p-limit'
import sharp from 'sharp'
import { input } from './input.mjs'

/** One decode a picture, one resize a width, one encode a file. */
const { pictures, widths, formats, output } = input
await mkdir(output, { recursive: true })

async function convert(picture) {
  const { data, info: raw } = await sharp(picture).raw().toBuffer({ resolveWithObject: true })
  await Promise.all(
    widths.map(async width => {
      const resized = await sharp(data, { raw })
        .resize({ width })
        .raw()
        .toBuffer({ resolveWithObject: true })
      await Promise.all(
        formats.map(async format => {
          const bytes = await sharp(resized.data, { raw: resized.info }).toFormat(format).toBuffer()
          const { name } = path.parse(picture)
          await writeFile(path.join(output, `${name}-${width}.${format}`), bytes)
        }),
      )
    }),
  )
}

const limit = pLimit(availableParallelism())
await Promise.all(pictures.map(picture => limit(convert, picture)))
