/** Refuses to pack a package whose exports are not built: it would install, and then fail. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import packageJson from '../package.json' with { type: 'json' }

const root = path.resolve(import.meta.dirname, '..')
const named = [packageJson.exports, packageJson.bin].flatMap(filesOf)
const missing = named.filter(file => !existsSync(path.join(root, file)))
if (missing.length > 0) {
  process.stderr.write(`Not built: ${missing.join(', ')}. Run \`npm run build\` first.\n`)
  process.exitCode = 1
}

/** Every path that an `exports` or `bin` field names. */
function filesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(filesOf) : []
}
