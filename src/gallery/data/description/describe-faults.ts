import { ManifestError } from '../../../errors/manifest-error.ts'
import type { GalleryFault, GalleryLocation } from '../gallery-data.ts'

/**
 * What is wrong with a manifest, each fault at its place. Pure.
 * @param where the place for an error that names none
 * @param locate makes a location of a place in a file
 */
export function describeFaults(
  error: Error,
  where: GalleryLocation,
  locate: (file: string, line: number, column: number) => GalleryLocation,
): readonly GalleryFault[] {
  if (!(error instanceof ManifestError)) return [{ location: where, message: error.message }]
  return error.diagnostics.map(({ file, line, column, message, hint }) => ({
    location: locate(file, line, column),
    message: hint === undefined ? message : `${message} ${hint}`,
  }))
}
