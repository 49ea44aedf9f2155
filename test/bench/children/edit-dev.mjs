import { connect, isUpdate, loadModules, loadPictures, picturesIn } from './dev-page.mjs'
import { measureEdits } from './edit-rounds.mjs'
import { input } from './input.mjs'
import { save } from './save.mjs'

/** Edits one picture's `output` in development, until the page has what is new. */
const known = await loadModules()
const next = await connect()

await measureEdits(async (file, text) => {
  const isAnswer = file === input.manifest ? isUpdate : ({ type }) => type === 'full-reload'
  const answer = next(isAnswer)
  const began = performance.now()
  await save(file, text)
  const pictures = [...picturesIn(await answer)].filter(url => !known.has(url))
  for (const picture of pictures) known.add(picture)
  await loadPictures(pictures)
  return performance.now() - began
})
process.exit()
