import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { readIfThere } from '../../system/files/present-file.ts'
import type { Problem } from '../output/problem.ts'

/** `# yaml-language-server: $schema=…`, as YAML editors read it. */
const MODELINE = /^#\s*yaml-language-server\s*:\s*\$schema=(\S+)/

/**
 * Checks that the JSON Schema that a manifest names for editors is there, and that a copy of it is
 * the one of this version.
 */
export async function findSchemaProblem(
  file: string,
  manifestPath: string,
): Promise<readonly Problem[]> {
  const lines = (await readFile(file, 'utf8')).split(/\r?\n/)
  const at = lines.findIndex(line => MODELINE.test(line))
  const named = MODELINE.exec(lines[at] ?? '')?.[1]
  // The editor fetches a URL; this command fetches nothing.
  if (named === undefined || /^[a-z][a-z\d+.-]+:\/\//i.test(named)) return []
  const where = { file: manifestPath, line: at + 1, column: 1, code: 'SCHEMA_STALE' }
  const schema = await readIfThere(path.resolve(path.dirname(file), named))
  if (schema === undefined) {
    return [
      {
        ...where,
        message: `The schema ${named} does not exist, so editors cannot check the file. Point it to node_modules/unplugin-imagegen/schema.json.`,
      },
    ]
  }
  const published = await readIfThere(new URL('../schema.json', import.meta.url))
  if (published === undefined || sameJson(schema, published)) return []
  return [
    {
      ...where,
      message: `The schema ${named} belongs to another version. Copy node_modules/unplugin-imagegen/schema.json again, or point to it.`,
    },
  ]
}

function sameJson(a: string, b: string): boolean {
  const squeeze = (text: string) => text.replace(/\s+/g, '')
  return squeeze(a) === squeeze(b)
}
