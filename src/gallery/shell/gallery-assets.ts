import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import path from 'node:path'

/** The page's own files, beside its HTML. */
export interface GalleryAssets {
  /** `gallery.js` */
  readonly script: string
  /** `gallery.css` */
  readonly style: string
}

/** In the order of the cascade. */
export const GALLERY_STYLES: readonly string[] = [
  'base.css',
  'find.css',
  'grid.css',
  'detail.css',
  'look.css',
  'words.css',
  'review.css',
]

/**
 * Reads the page's script and styles as the package's build left them in `dist/gallery`.
 * @param folder another folder that holds them
 */
export async function loadGalleryAssets(folder = builtFolder()): Promise<GalleryAssets> {
  const read = (name: string): Promise<string> => readFile(path.join(folder, name), 'utf8')
  const [script, ...styles] = await Promise.all([
    read('gallery.js'),
    ...GALLERY_STYLES.map(name => read(path.join('styles', name))),
  ])
  return { script, style: styles.join('\n') }
}

/** The published JSON Schema of a manifest, for completion. */
export function loadManifestSchema(): Promise<string> {
  return readFile(path.join(packageFolder(), 'schema.json'), 'utf8')
}

function builtFolder(): string {
  return path.join(packageFolder(), 'dist', 'gallery')
}

/** Resolved by the package's own name: the bundled code may be in any chunk. */
function packageFolder(): string {
  return path.dirname(createRequire(import.meta.url).resolve('unplugin-imagegen/package.json'))
}
