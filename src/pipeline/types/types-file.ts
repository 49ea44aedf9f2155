import path from 'node:path'
import { imageKey } from '../../manifest/image-id.ts'
import type { Manifest } from '../../manifest/manifest.ts'
import {
  isCurrentWithoutAlpha,
  renderTypes,
  sameTypes,
  toAmbientModule,
} from '../../module/render-types.ts'
import { renderTypesMap, typesMapPathOf } from '../../module/render-types-map.ts'
import { planFiles } from '../../renditions/plan-renditions.ts'
import { readIfThere } from '../../system/files/present-file.ts'
import { writeAtomically } from '../../system/files/write-atomically.ts'
import { projectPath } from '../../system/project-path.ts'
import type { ImagePictures } from '../pictures/image-picture.ts'
import { findTypesPlace, type TypesOptions } from './types-place.ts'

/**
 * The exact types of a manifest whose pictures are these, as far as they are there. Encodes nothing.
 * @param module what code imports the manifest by, when a package exports it
 */
export function describeTypes(
  manifest: Manifest,
  pictures: ImagePictures,
  module: string | undefined,
): string {
  const types = renderTypes(manifest, (picture, output) => {
    const source = pictures.get(imageKey(picture))?.source
    return source && planFiles(source, output)
  })
  return module === undefined ? types : toAmbientModule(types, module)
}

/**
 * Writes a manifest's types and their map when they changed, from what the pipeline knows already.
 * Types help editors and no build depends on them, so every failure is only a warning.
 */
export async function keepTypes(
  manifest: Manifest,
  pictures: ImagePictures,
  options: TypesOptions,
  warn: (message: string) => void,
): Promise<void> {
  try {
    const place = await findTypesPlace(options, manifest.path)
    if (!place) return
    const { file, module } = place
    const content = describeTypes(manifest, pictures, module)
    for (const change of await findTypesChanges({ manifest, file, content }, options)) {
      await writeAtomically(change.file, change.content)
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    warn(
      `The types of ${manifest.path} could not be written: ${reason}. Set \`types\` to false if nothing can be written here.`,
    )
  }
}

/** A manifest's type file as it should be. */
export interface DescribedTypes {
  readonly manifest: Manifest
  /** Absolute path. */
  readonly file: string
  readonly content: string
}

/** A file whose content is not what it should be. */
export interface TypesChange {
  /** Absolute path. */
  readonly file: string
  readonly content: string
  /** Whether the types themselves were there before. */
  readonly existed: boolean
  /**
   * Nothing is wrong without it: the map is missing, a formatter has moved the types since, or they
   * are of an earlier version and right as far as they go.
   */
  readonly isMinor: boolean
}

/**
 * What to write for a manifest: its types unless they are right, however a formatter has laid them
 * out, then the map of the types as they will be on disk.
 */
export async function findTypesChanges(
  { manifest, file, content }: DescribedTypes,
  { root }: Pick<TypesOptions, 'root'>,
): Promise<readonly TypesChange[]> {
  const map = typesMapPathOf(file)
  const names = {
    file: path.basename(file),
    source: projectPath(path.dirname(file), path.resolve(root, manifest.path)),
  }
  const [types, lastMap] = await Promise.all([readIfThere(file), readIfThere(map)])
  const existed = types !== undefined
  const isCurrent = existed && sameTypes(types, content)
  const mapFor = (text: string): string => renderTypesMap(manifest, text, names)
  const newMap = mapFor(isCurrent ? types : content)
  const changes: TypesChange[] = []
  if (!isCurrent) {
    const isMinor = existed && isCurrentWithoutAlpha(types, content)
    changes.push({ file, content, existed, isMinor })
  }
  if (lastMap !== newMap) {
    const isMinor = lastMap === undefined || lastMap === mapFor(content)
    changes.push({ file: map, content: newMap, existed, isMinor })
  }
  return changes
}
