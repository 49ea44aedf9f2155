import { hashedBase, shortDigest } from '../../module/asset-name.ts'
import type { AssetFile } from '../../module/image-template.ts'

/**
 * A Rollup-like `assetFileNames` pattern for one file. Without a hash of the host's own, ours comes
 * into the name: hosts number files of one name in the order in which they came, which is another in
 * every build.
 */
export function assetPattern(pattern: string, file: AssetFile): string {
  if (pattern.includes('[hash')) return pattern.replaceAll('[name]', file.name)
  const named = pattern.replaceAll('[name]', hashedBase(file))
  if (named.includes(shortDigest(file))) return named
  // A function has written the name out.
  return named.replace(/(?:\[extname\]|\.\[ext\]|\.\w+)?$/, `-${shortDigest(file)}$&`)
}
