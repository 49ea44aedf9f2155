import { readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { input } from './input.mjs'
import { note } from './report.mjs'
import { nextEnd, watcher } from './watched-build.mjs'

/** Edits one picture's `output` while Vite watches, and does the least that this could take. */
const { root, manifest, picture, edits } = input
async function timeOf(file, text) {
  const ended = nextEnd()
  const began = performance.now()
  // At once, as most editors do: a watcher never meets half a file.
  await writeFile(`${file}.new`, text)
  await rename(`${file}.new`, file)
  return (await ended) - began
}

async function encode(width) {
  const began = performance.now()
  const { data, info: raw } = await sharp(picture).raw().toBuffer({ resolveWithObject: true })
  const resized = await sharp(data, { raw })
    .resize({ width })
    .raw()
    .toBuffer({ resolveWithObject: true })
  const of = () => sharp(resized.data, { raw: resized.info })
  await Promise.all([
    of().avif({ effort: 1 }).toBuffer(),
    of().webp({ effort: 1 }).toBuffer(),
    of().jpeg({ mozjpeg: true }).toBuffer(),
  ])
  return performance.now() - began
}

await nextEnd()
const main = path.join(root, 'main.js')
const [page, text] = await Promise.all([readFile(main, 'utf8'), readFile(manifest, 'utf8')])
const [edited, least] = [[], []]
for (let edit = 1; edit <= edits; edit++) {
  edited.push(await timeOf(manifest, text.replace('widths: [120,', `widths: [${120 - edit},`)))
  // A comment: the bundle stays as it is.
  least.push((await timeOf(main, `${page}// ${edit}\n`)) + (await encode(120 - edit)))
}
await writeFile(main, page)
await writeFile(manifest, text)
await watcher.close()
const median = values => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]
note('edit', median(edited))
note('least', median(least))
process.exit()
