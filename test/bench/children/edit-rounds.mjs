import { readFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { input } from './input.mjs'
import { note } from './report.mjs'
import { save } from './save.mjs'

const { root, manifest, picture, edits } = input

/**
 * Changes one picture's `output` several times, each time followed by the least that this could
 * take: a comment in the page's code, one decode and three encodes.
 * @param timeOf saves a text as a file and returns how long its effect took
 */
export async function measureEdits(timeOf) {
  const main = path.join(root, 'main.js')
  const [page, text] = await Promise.all([readFile(main, 'utf8'), readFile(manifest, 'utf8')])
  const [edited, least] = [[], []]
  for (let edit = 1; edit <= edits; edit++) {
    const width = 120 - edit
    const other = text.replace(/widths: \[120(.*# one)/, `widths: [${width}$1`)
    edited.push(await timeOf(manifest, other))
    least.push((await timeOf(main, `${page}// ${edit}\n`)) + (await timeOfEncodes(width)))
  }
  await save(main, page)
  await save(manifest, text)
  note('edit', median(edited))
  note('least', median(least))
}

async function timeOfEncodes(width) {
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
    of().jpeg().toBuffer(),
  ])
  return performance.now() - began
}

function median(values) {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)]
}
