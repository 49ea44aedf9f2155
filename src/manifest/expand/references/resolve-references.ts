import type { Path } from '../../../schema/schema-structure.ts'
import { projectPath } from '../../../system/project-path.ts'
import type { ManifestReference, PlacedFile } from '../../manifest.ts'
import { singleImageName } from '../../single-image-name.ts'
import type { ExpandedImage } from '../expanded-image.ts'
import { type Placed, positionOf } from '../layers.ts'
import { checkName } from './check-name.ts'
import { type Fill, type ReferenceContext, type Resolution, report } from './resolution.ts'
import { resolveFile, resolveManifestPath } from './resolve-path.ts'

export interface ReferenceResolver {
  resolve(image: ExpandedImage, fill: Fill): readonly ManifestReference[]
  /** The file that takes the place of a generated picture, if the image names one. */
  resolveSource(image: ExpandedImage, fill: Fill): PlacedFile | undefined
  /** Reports a name by which one image means another one of this manifest, if there is none. */
  checkName(name: string, place: Placed<unknown>, image: ExpandedImage): void
}

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

function resolveSource(resolution: Resolution): PlacedFile | undefined {
  const { own } = resolution.image
  const { source, references } = own.fields
  if (source === undefined) return undefined
  if (references !== undefined) {
    const place = { yaml: own.yaml, path: [...own.path, 'references'], value: undefined }
    const hint = 'Remove one of them. A source image is shown unchanged.'
    report(place, resolution, 'An image can have `source` or `references`, but not both.', hint)
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
  const hint = 'Write `file` or `image`. Make the other one a separate reference.'
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
    const hint = 'Move the picture with the mask to the first place.'
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
