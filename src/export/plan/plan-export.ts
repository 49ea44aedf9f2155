import path from 'node:path'
import { ExportConflictError } from '../../errors/export-conflict-error.ts'
import { ExportTargetError } from '../../errors/export-target-error.ts'
import { foldName } from '../../manifest/expand/names/file-names.ts'
import { toExportName } from '../../manifest/export-name.ts'
import { formatImageId } from '../../manifest/image-id.ts'
import { singleImageName } from '../../manifest/single-image-name.ts'
import { hashedAssetName } from '../../module/asset-name.ts'
import { fileBaseName } from '../../module/file-base-name.ts'
import type { ImageAsset } from '../../module/image-asset.ts'
import type { AssetFile, ImageTemplate, ModuleTemplate } from '../../module/image-template.ts'
import { picture } from '../../picture/render-html.ts'
import type { Digest } from '../../system/digest.ts'
import { projectPath } from '../../system/project-path.ts'
import type { ExportTarget } from '../target/export-target.ts'
import { type CatalogEntry, renderCatalog } from './render-catalog.ts'

/** What a file of an export holds. */
export type ExportContent =
  | { readonly kind: 'picture'; readonly path: string; readonly digest: Digest }
  | { readonly kind: 'html' | 'module' | 'data'; readonly text: string }

export interface ExportPlan {
  readonly images: number
  /** By path relative to the root, with slashes, in the order in which they are written. */
  readonly files: ReadonlyMap<string, ExportContent>
  /** Sentences. */
  readonly warnings: readonly string[]
}

/** A manifest whose pictures are made. */
export interface ExportedManifest {
  /** Path relative to the root, with slashes. */
  readonly path: string
  readonly template: ModuleTemplate
}

/**
 * Which files an export writes, and what is in them. A file comes after those that it names. Pure.
 * @throws ExportConflictError, ExportTargetError
 */
export function planExport(
  manifests: readonly ExportedManifest[],
  target: ExportTarget,
): ExportPlan {
  const named = nameManifests(manifests)
  const files = createFileList(target)
  const entries = named.map(({ path: manifest, name, exportName, template }): CatalogEntry => {
    const assets = template.images.map(({ assemble }) =>
      assemble(file => {
        if (file.fixedName !== undefined || !isForFixedNames(target)) {
          addPicture(files, manifest, file)
        }
        return target.publicPath + urlOf(file)
      }),
    )
    return { name, exportName, template, assets }
  })
  if (files.all.size === 0 && isForFixedNames(target)) throw nothingToExport()
  const warnings = target.html ? entries.flatMap(entry => addMarkup(files, entry)) : []
  const { catalog } = target
  if (catalog) {
    const kind = catalog.form === 'json' ? 'data' : 'module'
    const text = renderCatalog(entries, catalog.form)
    files.add(projectPath(target.root, catalog.file), { kind, text }, 'the list of the images')
  }
  const images = entries.reduce((sum, { assets }) => sum + assets.length, 0)
  return { images, files: files.all, warnings }
}

/** Whether nothing would name the others. */
function isForFixedNames({ catalog, html }: ExportTarget): boolean {
  return !catalog && !html
}

function nothingToExport(): ExportTargetError {
  return new ExportTargetError(
    'No image has a file name of its own (`output.file`, `output.files`), and nothing would name the others. Add --module, --data or --html.',
  )
}

function addPicture(files: FileList, manifest: string, file: AssetFile): void {
  const { path: source, digest } = file
  const content = { kind: 'picture', path: source, digest } as const
  files.addBelow(nameOf(file), content, `a picture of ${manifest}`)
}

/** Below the public path. */
function urlOf(file: AssetFile): string {
  return nameOf(file).split('/').map(encodeURIComponent).join('/')
}

function nameOf(file: AssetFile): string {
  return file.fixedName ?? hashedAssetName(file)
}

/** @returns warnings */
function addMarkup(
  files: FileList,
  { name, template: { single, images }, assets }: CatalogEntry,
): readonly string[] {
  return images.flatMap((image, index) => {
    const asset = assets[index]
    if (!asset) return []
    const folder = single ? '' : `${name}/`
    const file = `${folder}${fileBaseName(image.id)}.html`
    const text = `${picture(asset, { alt: asset.alt ?? '' })}\n`
    files.addBelow(file, { kind: 'html', text }, formatImageId(image.id))
    return warningsOf(image, asset)
  })
}

function warningsOf({ id }: ImageTemplate, { alt }: ImageAsset): readonly string[] {
  if (alt !== undefined) return []
  return [
    `${formatImageId(id)} has no \`alt\`, so its markup has alt="" like a decoration. Write \`alt\` in the manifest.`,
  ]
}

type NamedManifest = ExportedManifest & Pick<CatalogEntry, 'name' | 'exportName'>

/** Each manifest under its file's name, which has to be its own. */
function nameManifests(manifests: readonly ExportedManifest[]): readonly NamedManifest[] {
  const taken = new Map<string, string>()
  return manifests.map(manifest => {
    const name = singleImageName(manifest.path)
    const exportName = toExportName(name)
    if (exportName === undefined) {
      throw new ExportConflictError(
        `${manifest.path} has a name without a letter or a digit, so nothing can be exported under it. Rename it.`,
      )
    }
    for (const key of new Set([exportName, foldName(name)])) {
      const other = taken.get(key)
      if (other !== undefined) {
        throw new ExportConflictError(
          `${other} and ${manifest.path} would both be exported as ${exportName}. Rename one of them, or export them by commands of their own, each with its own --out and --module.`,
        )
      }
      taken.set(key, manifest.path)
    }
    return { ...manifest, name, exportName }
  })
}

interface FileList {
  readonly all: ReadonlyMap<string, ExportContent>
  /** @param owner what the file is of, for messages */
  add(name: string, content: ExportContent, owner: string): void
  /** The same with a name below the folder for pictures. */
  addBelow(name: string, content: ExportContent, owner: string): void
}

function createFileList({ root, folder }: ExportTarget): FileList {
  const all = new Map<string, ExportContent>()
  const owners = new Map<string, { readonly owner: string; readonly content: ExportContent }>()
  function add(name: string, content: ExportContent, owner: string): void {
    const other = owners.get(foldName(name))
    if (other && !isSameContent(other.content, content)) {
      throw new ExportConflictError(
        `${other.owner} and ${owner} would both be written as ${name}. Give one of them another name.`,
      )
    }
    owners.set(foldName(name), { owner, content })
    all.set(name, content)
  }
  return {
    all,
    add,
    addBelow: (name, content, owner) =>
      add(projectPath(root, path.join(folder, ...name.split('/'))), content, owner),
  }
}

function isSameContent(a: ExportContent, b: ExportContent): boolean {
  return a.kind === 'picture' && b.kind === 'picture' && a.digest === b.digest
}
