import { register } from 'node:module'
import { input } from './input.mjs'

/** Prints the URL of every module that importing another one loads. */
const hooks = `import { writeSync } from 'node:fs'
export function load(url, context, next) { writeSync(1, url + '\\n'); return next(url, context) }`
register(`data:text/javascript,${encodeURIComponent(hooks)}`)
await import(input.module)
