import { dirname, isAbsolute, resolve } from 'node:path'
import type { Path } from '../../../schema/schema-structure.ts'
import { isInside } from '../../../system/project-path.ts'
import type { FileReference, PlacedFile } from '../../manifest.ts'
import { parsePackageSpecifier } from '../../packages/package-specifier.ts'
import { isYamlName, NOT_NAMED_LIKE_A_MANIFEST } from '../../source/manifest-name.ts'
import { type Placed, positionOf } from '../layers.ts'
import { type Resolution, report } from './resolution.ts'

/** A reference to a file, or nothing after a fault was reported. */
export function resolveFile(
  written: string,
  path: Path,
  resolution: Resolution,
): readonly FileReference[] {
  const place = { yaml: resolution.image.own.yaml, path, value: written }
  const target = resolvePath(place, resolution)
  return target ? [{ kind: 'file', ...target, at: positionOf(place) }] : []
}

/** What a path leads to; where it may be the export of a package, that is found out later. */
type ResolvedPath = Pick<PlacedFile, 'path' | 'package'>

function resolvePath(written: Placed<string>, resolution: Resolution): ResolvedPath | undefined {
  const path = resolution.fill(written)
  const fault = pathFault(path) ?? bareNameFault(path, resolution)
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

/** The manifest that a reference names, or nothing after a fault was reported. */
export function resolveManifestPath(
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

/** Pictures have extensions, so a bare name that an image has is meant for that image. */
function bareNameFault(path: string, { names }: Resolution): [string, string] | undefined {
  if (!names.has(path) || /[./]/.test(path)) return undefined
  return [`\`${path}\` is an image, not a file.`, `Write \`{ image: ${path} }\`.`]
}

function pathFault(path: string): [string, string] | undefined {
  if (/^(?:[a-z][a-z\d+.-]+:|\/\/)/i.test(path)) {
    return [
      `${JSON.stringify(path)} is a URL, but references must be files of the project.`,
      'Download the picture and refer to the file.',
    ]
  }
  if (path.includes('\\')) {
    const slashed = path.replaceAll('\\', '/')
    return [`${JSON.stringify(path)} has backslashes.`, `Write \`${slashed}\`.`]
  }
  if (path.includes('\0'))
    return [`${JSON.stringify(path)} is not a path.`, 'Write it like `./a.png`.']
  if (isAbsolute(path) || /^[a-z]:/i.test(path)) {
    return [
      `${JSON.stringify(path)} is an absolute path, which exists on one machine only.`,
      'Write it relative to the manifest, like `./refs/ana.png`.',
    ]
  }
  return undefined
}
