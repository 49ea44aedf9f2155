import { readFile } from 'node:fs/promises'
import { connect, isUpdate, loadModules, loadPictures, picturesIn } from './dev-page.mjs'
import { input } from './input.mjs'
import { note } from './report.mjs'
import { save } from './save.mjs'

const started = performance.now()
const pictures = await loadModules()
const loaded = performance.now()
await loadPictures(pictures)
note('modules', loaded - started)
note('page', performance.now() - started)
note('pictures', pictures.size)
if (input.edit) note('saved', await timeOfEdit(input.edit))
process.exit()

/** From a saved prompt until the page has the picture, which the cache has. */
async function timeOfEdit({ file, from, to }) {
  const next = await connect()
  const text = await readFile(file, 'utf8')
  const update = next(isUpdate)
  const began = performance.now()
  await save(file, text.replace(from, to))
  await loadPictures(picturesIn(await update))
  const took = performance.now() - began
  await save(file, text)
  return took
}
