import { measureEdits } from './edit-rounds.mjs'
import { save } from './save.mjs'
import { nextEnd, watcher } from './watched-build.mjs'

/** Edits one picture's `output` while Vite watches, until the bundle is written. */
await nextEnd()
await measureEdits(async (file, text) => {
  const ended = nextEnd()
  const began = performance.now()
  await save(file, text)
  return (await ended) - began
})
await watcher.close()
process.exit()
