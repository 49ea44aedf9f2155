import type { GalleryImage } from '../../data/gallery-data.ts'

/**
 * The import lines of images, one for each manifest: `import { hero, og } from './site.image.yaml'`.
 * Pure.
 */
export function joinImports(images: readonly GalleryImage[]): string {
  const named = new Map<string, string[]>()
  const lines: string[] = []
  for (const { importLine, exportName } of images) {
    const from = importLine.match(/^import \{ .* \} (from .*)$/)?.[1]
    if (from === undefined) lines.push(importLine)
    else named.set(from, [...(named.get(from) ?? []), exportName])
  }
  for (const [from, names] of named) lines.push(`import { ${names.join(', ')} } ${from}`)
  return lines.join('\n')
}
