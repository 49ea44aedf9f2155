import { copyFile, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ServedFile } from '../../dev/images/served-file.ts'
import { StoreError } from '../../errors/index.ts'
import type { GalleryData, GalleryLocation } from '../data/gallery-data.ts'
import type { GalleryDetails } from '../data/gallery-details.ts'
import { type GalleryAssets, loadGalleryAssets } from '../shell/gallery-assets.ts'
import { renderGalleryShell } from '../shell/gallery-shell.ts'

/** A file that the data refers to, and that is on disk. */
export interface FileOnDisk {
  /** As it stands in the data: relative to the page, with forward slashes. */
  readonly url: string
  /** Absolute path of the bytes. */
  readonly path: string
}

/** A file on disk, or one that has to be made first. */
export type GalleryFile = FileOnDisk | (Pick<FileOnDisk, 'url'> & Pick<ServedFile, 'content'>)

/** What a static gallery is written from. */
export interface StaticGallery {
  readonly data: GalleryData
  /** By the key of the image in the page. */
  readonly details: Readonly<Record<string, GalleryDetails>>
  /** What the URLs of both stand for. */
  readonly files: Iterable<GalleryFile>
}

/** Copies under way at once. */
const CONCURRENCY = 8

/**
 * Writes the gallery as files, to open by a double click, attach to a pull request, or put on any
 * static host. Leaves out actions, the server's token, the budget and editor links.
 * @param out folder, made if need be; files of the same name are replaced
 * @throws StoreError when a URL leaves the folder or a file cannot be written
 */
export async function writeStaticGallery(
  { data, details, files }: StaticGallery,
  out: string,
  assets?: GalleryAssets,
): Promise<void> {
  const { script, style } = assets ?? (await loadGalleryAssets())
  const copies = [...files].map(file => ({ ...file, target: targetOf(file.url, out) }))
  try {
    await mkdir(out, { recursive: true })
    const next = copies.values()
    await Promise.all(Array.from({ length: CONCURRENCY }, () => copyAll(next)))
    await writeFile(path.join(out, 'gallery.js'), script)
    await writeFile(path.join(out, 'gallery.css'), style)
    const shown = renderDataScript('imagegenGalleryData', withoutServer(data))
    await writeFile(path.join(out, 'data.js'), shown)
    const opened = renderDataScript('imagegenGalleryDetails', details)
    await writeFile(path.join(out, 'details.js'), opened)
    await writeFile(path.join(out, 'index.html'), renderGalleryShell('static'))
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new StoreError(`The gallery could not be written to ${out}: ${why}`, { cause })
  }
}

/** Takes copies from an iterator that several callers share. */
async function copyAll(
  copies: IterableIterator<GalleryFile & { readonly target: string }>,
): Promise<void> {
  for (const { target, ...file } of copies) {
    await mkdir(path.dirname(target), { recursive: true })
    if ('path' in file) await copyFile(file.path, target)
    else await writeFile(target, (await file.content()).bytes)
  }
}

function targetOf(url: string, out: string): string {
  const parts = url.replace(/^\.\//, '').split('/')
  const safe = parts.every(part => /^[\w.-]+$/.test(part) && !/^\.+$/.test(part))
  if (!safe) {
    throw new StoreError(
      `The gallery cannot write a file for the URL ${JSON.stringify(url)}. Give URLs below the page, of letters, digits, dots, dashes and slashes.`,
    )
  }
  return path.join(out, ...parts)
}

/** The data as a script: a page that is opened from disk cannot fetch. */
function renderDataScript(name: string, data: object): string {
  // A string to parse, not an object literal: `__proto__` stays a plain name.
  const text = JSON.stringify(JSON.stringify(data)).replace(
    /[<>\u2028\u2029]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `globalThis.${name} = JSON.parse(${text})\n`
}

function withoutServer({ actions: _, budget: __, ...data }: GalleryData): GalleryData {
  return {
    ...data,
    images: data.images.map(image => ({ ...image, location: withoutEditor(image.location) })),
    faults: data.faults.map(fault => ({ ...fault, location: withoutEditor(fault.location) })),
  }
}

function withoutEditor({ editorUrl: _, ...location }: GalleryLocation): GalleryLocation {
  return location
}
