import { openPipeline } from 'unplugin-imagegen/api'
import { input } from './input.mjs'
import { note } from './report.mjs'

const { root, baseURL, concurrency } = input
const pipeline = await openPipeline({ root, provider: { baseURL, concurrency } })
const started = performance.now()
const { images } = await pipeline.generate()
note('generate', performance.now() - started)
await pipeline.close()
if (images.some(({ outcome }) => outcome !== 'generated'))
  throw new Error('Not everything was generated.')
