import { createRequire } from 'node:module'
import path from 'node:path'

/**
 * Absolute path of the client that keeps a page's pictures up to date, as the package's build left
 * it. Found by the package's own name, because the bundled code may lie in any chunk.
 */
export function clientCodePath(): string {
  const manifest = createRequire(import.meta.url).resolve('unplugin-imagegen/package.json')
  return path.join(path.dirname(manifest), 'dist', 'dev', 'client.mjs')
}
