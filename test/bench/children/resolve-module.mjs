import path from 'node:path'
import { openPipeline } from 'unplugin-imagegen/api'
import { input } from './input.mjs'

/** The renditions of a manifest without a bundler. */
const { root } = input
const pipeline = await openPipeline({ root, mode: 'frozen' })
await pipeline.resolveModule(path.join(root, 'site.image.yaml'))
await pipeline.close()
