import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import packageJson from '../../package.json' with { type: 'json' }
import { ROOT } from './source.ts'
import { oneLine, renderTable } from './table.ts'

/** What an entry without TypeScript is for. */
const OTHERS: Readonly<Record<string, string>> = {
  './astro/Picture.astro': '`<Picture>` for Astro.',
  './client': 'Loose types of every manifest, for `types` in `tsconfig.json`.',
  './schema.json': 'The JSON schema of manifests.',
  './plan.schema.json': 'The JSON schema of what `imagegen plan --json` prints.',
}

/** What the package exports, as the first comment of each entry says it. */
export function renderExportsTable(): string {
  const entries = Object.keys(packageJson.exports).filter(entry => entry !== './package.json')
  return renderTable(
    ['import', 'what it is'],
    entries.map(entry => [`\`${entry.replace(/^\./, 'unplugin-imagegen')}\``, describe(entry)]),
  )
}

function describe(entry: string): string {
  const name = entry.replace(/^\.\/?/, '').replaceAll('/', '-') || 'index'
  const file = path.join(ROOT, `src/${name}.ts`)
  const said = OTHERS[entry] ?? (existsSync(file) ? firstComment(file) : '')
  if (said === '') throw new Error(`${file} says nowhere what "${entry}" exports.`)
  return said
}

/** The first JSDoc of a file, without its tags. */
function firstComment(file: string): string {
  const [, text = ''] = /\/\*\*([\s\S]*?)\*\//.exec(readFileSync(file, 'utf8')) ?? []
  const [said = ''] = text.replace(/^\s*\* ?/gm, '').split(/^@/m)
  return oneLine(said)
}
