import type { GalleryFault } from '../../data/gallery-data.ts'
import { Icon } from '../elements/icon.tsx'
import { LocationLink } from '../elements/location-link.tsx'
import { counted } from '../state/format.ts'

/** Beyond so many faults the manifests are closed, so that the images stay in sight. */
const MOST_OPEN = 4

/** Manifests that could not be read, each with its faults. */
export function ManifestFaults({ faults }: { readonly faults: readonly GalleryFault[] }) {
  const byManifest = new Map<string, GalleryFault[]>()
  for (const fault of faults) {
    const { path } = fault.location
    byManifest.set(path, [...(byManifest.get(path) ?? []), fault])
  }
  return (
    <>
      {[...byManifest].map(([path, own]) => (
        <details
          key={path}
          class="faults box"
          data-tone="bad"
          aria-label={`Fault in ${path}`}
          open={faults.length <= MOST_OPEN}
        >
          <summary class="strong">
            <Icon name="corrupt" />
            {` ${counted(own.length, 'fault')} in ${path}`}
          </summary>
          {own.map(fault => (
            <Fault key={`${fault.location.line} ${fault.message}`} fault={fault} />
          ))}
        </details>
      ))}
    </>
  )
}

function Fault({ fault: { location, message } }: { readonly fault: GalleryFault }) {
  const { path, line, column } = location
  return (
    <div class="words">
      <LocationLink location={location} text={`${path}:${line}:${column}`} />
      <p>{message}</p>
    </div>
  )
}
