import { dirname, isAbsolute, resolve } from 'node:path'
import { isInside, projectPath } from '../../system/project-path.ts'
import { suggest } from '../../text/suggest.ts'
import type { ManifestReference } from '../manifest.ts'
import { isYamlName, NOT_NAMED_LIKE_A_MANIFEST } from '../manifest-name.ts'
import type { ParsedText } from '../schema/written-manifest.ts'
import { singleImageName } from '../single-image-name.ts'
import type { Faults } from '../source/faults.ts'
import type { ExpandedImage } from './expanded-image.ts'
import { type Placed, positionOf } from './layers.ts'

export interface ReferenceContext {
  readonly own: ParsedText
  readonly expanded: readonly ExpandedImage[]
  /** Absolute path of the manifest. */
  readonly file: string
  readonly root: string
  readonly faults: Faults
}

type Fill = (text: Placed<string>) => string

export interface ReferenceResolver {
  resolve(image: ExpandedImage, fill: Fill): readonly ManifestReference[]
}

/** Resolves references. Does not check that files and other manifests exist. */
export function createReferenceResolver({
  own,
  expanded,
  file,
  root,
  faults,
}: ReferenceContext): ReferenceResolver {
  const manifest = own.yaml.source.file
  const names = new Set(expanded.map(({ name }) => name))

  return { resolve: resolveAll }

  function resolveAll(image: ExpandedImage, fill: Fill): readonly ManifestReference[] {
    const references: ManifestReference[] = []
    for (const [index, written] of (image.own.fields.references ?? []).entries()) {
      const { yaml } = image.own
      const path = [...image.own.path, 'references', index]
      const place = { yaml, path, value: undefined }
      const at = positionOf(place)
      if (typeof written === 'string') {
        const target = resolvePath({ yaml, path, value: written }, fill)
        if (target !== undefined) references.push({ kind: 'file', path: target, at })
        continue
      }
      if (written.image === undefined && written.manifest === undefined) {
        const hint = 'Write `{ image: name }`, or `{ manifest: ./other.image.yaml, image: name }`.'
        report(place, 'The reference names neither an image nor a manifest.', hint)
        continue
      }
      const imagePath = [...path, 'image']
      const name =
        written.image === undefined
          ? undefined
          : fill({ yaml, path: imagePath, value: written.image })
      const target =
        written.manifest === undefined
          ? file
          : resolveManifestPath(
              { yaml, path: [...path, 'manifest'], value: written.manifest },
              fill,
            )
      if (target === undefined) continue
      const id = {
        manifest: projectPath(root, target),
        name: name ?? singleImageName(target),
      }
      if (id.manifest === manifest) {
        checkName(id.name, image, { ...place, path: name === undefined ? path : imagePath })
      }
      references.push({ kind: 'image', image: id, at })
    }
    return references
  }

  function resolvePath(written: Placed<string>, fill: Fill): string | undefined {
    const path = fill(written)
    const fault = pathFault(path)
    if (fault) {
      report(written, ...fault)
      return undefined
    }
    const target = resolve(dirname(file), path)
    if (isInside(root, target)) return target
    const hint = 'Copy it into the project.'
    report(written, `${JSON.stringify(path)} leads out of the project.`, hint)
    return undefined
  }

  function resolveManifestPath(written: Placed<string>, fill: Fill): string | undefined {
    const target = resolvePath(written, fill)
    if (target === undefined || isYamlName(target)) return target
    const [message, hint] = NOT_NAMED_LIKE_A_MANIFEST
    report(written, `${JSON.stringify(written.value)} ${message}.`, hint)
    return undefined
  }

  function checkName(name: string, image: ExpandedImage, place: Placed<unknown>): void {
    if (name === image.name) {
      report(place, `\`${name}\` refers to itself.`, 'Refer to another image, or to a file.')
      return
    }
    // A variable without a value is reported already.
    if (names.has(name) || name.includes('{{')) return
    // An image with faults of its own exists, but has no names yet.
    if ([...own.faulty].some(faulty => name === faulty || name.startsWith(`${faulty}-`))) return
    const variants = expanded.filter(({ writtenName }) => writtenName === name)
    const [variant] = variants
    const axes = Object.keys(variant?.own.fields.matrix ?? {})
    const pattern = [name, ...axes.map(axis => `{{${axis}}}`)].join('-')
    report(
      place,
      variant
        ? `\`${name}\` has a matrix: it stands for ${variants.length} images.`
        : `There is no image \`${name}\` in this manifest.`,
      variant
        ? `Name one of them, like \`${variant.name}\`, or write "${pattern}" to follow the matrix of this image.`
        : suggest(name, [...names]),
    )
  }

  function report(place: Placed<unknown>, message: string, hint?: string): void {
    const span = place.yaml.valueSpan(place.path)
    faults.add(place.yaml.source.diagnostic(span, message, hint))
  }
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
