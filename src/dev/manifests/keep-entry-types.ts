import { statSync } from 'node:fs'
import { typesMapPathOf } from '../../module/render-types-map.ts'
import { type InspectedManifest, picturesIn } from '../../pipeline/inspect.ts'
import { keepTypes } from '../../pipeline/types/types-file.ts'
import { findTypesPlace } from '../../pipeline/types/types-place.ts'
import { type DevState, type ManifestEntry, warnOnce } from './dev-state.ts'

/** Writes the types of a manifest. Renders them only where something changed, the files included. */
export async function keepEntryTypes(
  state: DevState,
  entry: ManifestEntry,
  inspected: InspectedManifest,
): Promise<void> {
  const { options } = state.pipeline
  const { manifest, images } = inspected
  const place = await findTypesPlace(options, manifest.path)
  if (!place) return
  const identify = (): string => [place.file, typesMapPathOf(place.file)].map(identityOf).join(' ')
  const pictures = images.map(({ picture }) => picture?.source.digest ?? '').join(' ')
  const { types } = entry
  const isSame = types?.manifest === manifest && types.pictures === pictures
  if (isSame && types.files === identify()) return
  await keepTypes(manifest, picturesIn(inspected), options, message => warnOnce(state, message))
  entry.types = { manifest, pictures, files: identify() }
}

function identityOf(file: string): string {
  const stats = statSync(file, { throwIfNoEntry: false })
  return stats ? `${stats.ino}.${stats.mtimeMs}.${stats.size}` : ''
}
