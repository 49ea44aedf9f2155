import { createRequire } from 'node:module'
import path from 'node:path'

/**
 * Absolute path of the built client, which keeps a page's pictures up to date. Resolved by the
 * package's own name: the bundled code may be in any chunk.
 */
export function clientCodePath(): string {
  const manifest = createRequire(import.meta.url).resolve('unplugin-imagegen/package.json')
  return path.join(path.dirname(manifest), 'dist', 'dev', 'client.mjs')
}
