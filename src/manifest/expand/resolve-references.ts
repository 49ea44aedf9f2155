import { dirname, isAbsolute, resolve } from 'node:path'
import type { Path } from '../../schema/schema-structure.ts'
import { isInside, projectPath } from '../../system/project-path.ts'
import { suggest } from '../../text/suggest.ts'
import type { FileReference, ManifestReference, PlacedFile } from '../manifest.ts'
import { parsePackageSpecifier } from '../packages/package-specifier.ts'
import type { ParsedText } from '../schema/written-manifest.ts'
import { singleImageName } from '../single-image-name.ts'
import type { Faults } from '../source/faults.ts'
import { isYamlName, NOT_NAMED_LIKE_A_MANIFEST } from '../source/manifest-name.ts'
import type { ExpandedImage } from './expanded-image.ts'
import { type Placed, positionOf } from './layers.ts'

export interface ReferenceContext {
  readonly own: ParsedText
  readonly expanded: readonly ExpandedImage[]
  /** Absolute path of the manifest. */
  readonly file: string
  readonly root: string
  /** Absolute path of the folder that must hold what the manifest names. */
  readonly within: string
  readonly faults: Faults
}

type Fill = (text: Placed<string>) => string

export interface ReferenceResolver {
  resolve(image: ExpandedImage, fill: Fill): readonly ManifestReference[]
  /** The file that takes the place of a generated picture, if the image names one. */
  resolveSource(image: ExpandedImage, fill: Fill): PlacedFile | undefined
  /** Reports a name by which one image means another one of this manifest, if there is none. */
  checkName(name: string, place: Placed<unknown>, image: ExpandedImage): void
}

/** One reference as it is resolved. */
interface Resolution extends ReferenceContext {
  /** Names of the images of this manifest. */
  readonly names: ReadonlySet<string>
  /** The image that refers. */
  readonly image: ExpandedImage
  readonly fill: Fill
}

type NameCheck = Omit<Resolution, 'fill'>

/** Resolves references. Does not check that files and other manifests exist. */
export function createReferenceResolver(context: ReferenceContext): ReferenceResolver {
  const names = new Set(context.expanded.map(({ name }) => name))
  return {
    resolve(image, fill) {
      const { path, fields } = image.own
      const resolution = { ...context, names, image, fill }
      return (fields.references ?? []).flatMap((written, index): readonly ManifestReference[] => {
        const at = [...path, 'references', index]
        if (typeof written === 'string') return resolveFile(written, at, resolution)
        return resolveReference(written, at, resolution).flatMap(reference =>
          withMask(reference, { mask: written.mask, path: at, index }, resolution),
        )
      })
    },
    resolveSource: (image, fill) => resolveSource({ ...context, names, image, fill }),
    checkName: (name, place, image) => checkName(name, place, { ...context, names, image }),
  }
}

function resolveFile(
  written: string,
  path: Path,
  resolution: Resolution,
): readonly FileReference[] {
  const place = { yaml: resolution.image.own.yaml, path, value: written }
  const target = resolvePath(place, resolution)
  return target ? [{ kind: 'file', ...target, at: positionOf(place) }] : []
}

function resolveSource(resolution: Resolution): PlacedFile | undefined {
  const { own } = resolution.image
  const { source, references } = own.fields
  if (source === undefined) return undefined
  if (references !== undefined) {
    const place = { yaml: own.yaml, path: [...own.path, 'references'], value: undefined }
    const hint = 'Remove one of the two: a source is shown as it is.'
    report(place, resolution, 'An image has either `source` or `references`.', hint)
    return undefined
  }
  const [file] = resolveFile(source, [...own.path, 'source'], resolution)
  if (!file) return undefined
  const { kind: _, package: __, ...placed } = file
  return placed
}

/** A reference that is written as a mapping. */
interface WrittenReference {
  readonly file?: string
  readonly image?: string
  readonly manifest?: string
}

function resolveReference(
  written: WrittenReference,
  path: Path,
  resolution: Resolution,
): readonly ManifestReference[] {
  const { file, image, manifest } = written
  if (file === undefined) return resolveImageReference(written, path, resolution)
  if (image === undefined && manifest === undefined) {
    return resolveFile(file, [...path, 'file'], resolution)
  }
  const place = { yaml: resolution.image.own.yaml, path, value: undefined }
  const hint = 'Write `file` or `image`, and the other one as a reference of its own.'
  report(place, resolution, 'The reference names both a file and an image.', hint)
  return []
}

/** A mask where a reference stands, among the others. */
interface WrittenMask {
  readonly mask: string | undefined
  readonly path: Path
  readonly index: number
}

function withMask(
  reference: ManifestReference,
  { mask, path, index }: WrittenMask,
  resolution: Resolution,
): readonly ManifestReference[] {
  if (mask === undefined) return [reference]
  const at = [...path, 'mask']
  if (index > 0) {
    const place = { yaml: resolution.image.own.yaml, path: at, value: undefined }
    const hint = 'Move the picture that may change to the first place.'
    report(place, resolution, 'Only the first reference can have a mask.', hint)
    return []
  }
  return resolveFile(mask, at, resolution).map(({ kind: _, ...file }) => ({
    ...reference,
    mask: file,
  }))
}

function resolveImageReference(
  written: Omit<WrittenReference, 'file'>,
  path: Path,
  resolution: Resolution,
): readonly ManifestReference[] {
  const { own, file, root, image, fill } = resolution
  const place = { yaml: image.own.yaml, path, value: undefined }
  if (written.image === undefined && written.manifest === undefined) {
    const hint = 'Write `{ image: name }`, or `{ manifest: ./other.image.yaml, image: name }`.'
    report(place, resolution, 'The reference names neither an image nor a manifest.', hint)
    return []
  }
  const imagePlace = { ...place, path: written.image === undefined ? path : [...path, 'image'] }
  const name =
    written.image === undefined ? undefined : fill({ ...imagePlace, value: written.image })
  const target =
    written.manifest === undefined
      ? { path: file }
      : resolveManifestPath(
          { ...place, path: [...path, 'manifest'], value: written.manifest },
          resolution,
        )
  if (!target) return []
  const id = {
    manifest: projectPath(root, target.path),
    name: name ?? singleImageName(target.path),
  }
  if (id.manifest === own.yaml.source.file) checkName(id.name, imagePlace, resolution)
  const named = target.package && { ...target.package, isSingle: name === undefined }
  return [{ kind: 'image', image: id, at: positionOf(place), ...(named && { package: named }) }]
}

/** What a path leads to; where it may be the export of a package, that is found out later. */
type ResolvedPath = Pick<PlacedFile, 'path' | 'package'>

function resolvePath(written: Placed<string>, resolution: Resolution): ResolvedPath | undefined {
  const path = resolution.fill(written)
  const fault = pathFault(path)
  if (fault) {
    report(written, resolution, ...fault)
    return undefined
  }
  const target = resolve(dirname(resolution.file), path)
  if (isInside(resolution.within, target)) {
    const isNamed = parsePackageSpecifier(path) !== undefined
    return { path: target, ...(isNamed && { package: { specifier: path } }) }
  }
  const isPackage = resolution.within !== resolution.root
  report(
    written,
    resolution,
    `${JSON.stringify(path)} leads out of ${isPackage ? 'its package' : 'the project'}.`,
    isPackage ? undefined : 'Copy it into the project.',
  )
  return undefined
}

function resolveManifestPath(
  written: Placed<string>,
  resolution: Resolution,
): ResolvedPath | undefined {
  const target = resolvePath(written, resolution)
  // An export may have any name.
  if (!target || isYamlName(target.path) || target.package?.specifier.startsWith('@')) return target
  const [message, hint] = NOT_NAMED_LIKE_A_MANIFEST
  report(written, resolution, `${JSON.stringify(written.value)} ${message}.`, hint)
  return undefined
}

function checkName(name: string, place: Placed<unknown>, resolution: NameCheck): void {
  const { own, expanded, names, image } = resolution
  if (name === image.name) {
    const hint = 'Refer to another image, or to a file.'
    report(place, resolution, `\`${name}\` refers to itself.`, hint)
    return
  }
  // A variable without a value is reported already.
  if (names.has(name) || name.includes('{{')) return
  // An image with faults of its own exists, but has no names yet.
  if ([...own.faulty].some(faulty => name === faulty || name.startsWith(`${faulty}-`))) return
  const variants = expanded.filter(({ writtenName }) => writtenName === name)
  const [variant] = variants
  if (!variant) {
    const hint = suggest(name, [...names])
    report(place, resolution, `There is no image \`${name}\` in this manifest.`, hint)
    return
  }
  const axes = Object.keys(variant.own.fields.matrix ?? {})
  const pattern = [name, ...axes.map(axis => `{{${axis}}}`)].join('-')
  report(
    place,
    resolution,
    `\`${name}\` has a matrix: it stands for ${variants.length} images.`,
    `Name one of them, like \`${variant.name}\`, or write "${pattern}" to follow the matrix of this image.`,
  )
}

function report(
  { yaml, path }: Placed<unknown>,
  { faults }: Pick<Resolution, 'faults'>,
  message: string,
  hint?: string,
): void {
  faults.add(yaml.source.diagnostic(yaml.valueSpan(path), message, hint))
}

function pathFault(path: string): [string, string] | undefined {
  if (/^(?:[a-z][a-z\d+.-]+:|\/\/)/i.test(path)) {
    return [
      `${JSON.stringify(path)} is a URL; references are files of the project.`,
      'Download the picture and refer to the file.',
    ]
  }
  if (path.includes('\\')) {
    const slashed = path.replaceAll('\\', '/')
    return [`${JSON.stringify(path)} has backslashes.`, `Write \`${slashed}\`.`]
  }
  if (path.includes('\0'))
    return [`${JSON.stringify(path)} is no path.`, 'Write it like `./a.png`.']
  if (isAbsolute(path) || /^[a-z]:/i.test(path)) {
    return [
      `${JSON.stringify(path)} is an absolute path, which exists on one machine only.`,
      'Write it relative to the manifest, like `./refs/ana.png`.',
    ]
  }
  return undefined
}
