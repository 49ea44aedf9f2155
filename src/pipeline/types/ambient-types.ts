import path from 'node:path'
import { ImagegenError } from '../../errors/imagegen-error.ts'
import { projectPath } from '../../system/project-path.ts'
import { picturesIn } from '../inspect.ts'
import { findImportedExports } from './imported-exports.ts'
import type { TypesPipeline } from './sync-types.ts'
import { describeTypes } from './types-file.ts'
import { findTypesPlace } from './types-place.ts'

/**
 * Exact types of manifests as declarations that need no compiler option. A manifest is known by its
 * file name there, so that those of equal names are left out, and so are faulty ones. Sends nothing
 * and encodes nothing.
 */
export async function describeAmbientTypes(pipeline: TypesPipeline): Promise<readonly string[]> {
  const { options } = pipeline
  const manifests = await pipeline.discover()
  const names = manifests.map(file => path.basename(file))
  const own = manifests
    .filter((_, index) => names.filter(name => name === names[index]).length === 1)
    .map(file => ({ file, module: `*/${path.basename(file)}` }))
  const packages = await Promise.all(
    (await findImportedExports(options)).map(async file => {
      const place = await findTypesPlace(options, projectPath(options.root, file))
      return place?.module === undefined ? [] : [{ file, module: place.module }]
    }),
  )
  const declared = [...own, ...packages.flat()].map(({ file, module }) =>
    declare(pipeline, file, module),
  )
  return (await Promise.all(declared)).flat()
}

async function declare(
  { inspect }: TypesPipeline,
  file: string,
  module: string,
): Promise<readonly string[]> {
  try {
    const inspected = await inspect(file)
    return [describeTypes(inspected.manifest, picturesIn(inspected), module)]
  } catch (error) {
    if (error instanceof ImagegenError) return []
    throw error
  }
}
