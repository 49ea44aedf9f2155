import { input } from './input.mjs'
import { note } from './report.mjs'

const [started, before] = [performance.now(), process.cpuUsage()]
await import(input.module)
const { user, system } = process.cpuUsage(before)
note('import', performance.now() - started)
note('import-cpu', (user + system) / 1e3)
