import { input } from './input.mjs'
import { note } from './report.mjs'

const started = performance.now()
await import(input.module)
note('import', performance.now() - started)
