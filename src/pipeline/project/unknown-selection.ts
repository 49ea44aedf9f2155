import { access } from 'node:fs/promises'
import path from 'node:path'
import { SelectionError } from '../../errors/selection-error.ts'
import { formatImageId, type ImageId, imageKey } from '../../manifest/image-id.ts'
import type { Manifest, ManifestImage } from '../../manifest/manifest.ts'
import { projectPath } from '../../system/project-path.ts'
import { nearest, suggest } from '../../text/suggest.ts'
import { discoverManifests, type Globs } from './discover-manifests.ts'

/** Names that a message lists where none is near enough. */
const LISTED = 6

/**
 * Why a selection cannot be read: manifests that do not exist; undefined when all do.
 * @param files absolute paths
 */
export async function findUnknownManifests(
  files: readonly string[],
  options: Globs,
): Promise<SelectionError | undefined> {
  const nameOf = (file: string): string => projectPath(options.root, file)
  const found = await Promise.all(files.map(exists))
  const unknown = files.filter((_, index) => !found[index]).map(nameOf)
  if (unknown.length === 0) return undefined
  const known = (await discoverManifests(options)).map(nameOf)
  const faults = unknown.map(
    name => `There is no manifest ${name} to select. ${hint(name, known, 'manifest')}`,
  )
  return new SelectionError(faults.join('\n'))
}

/** Images that the selected manifests do not have; undefined when they have all. */
export function findUnknownImages(
  ids: readonly ImageId[],
  images: readonly ManifestImage[],
): SelectionError | undefined {
  const known = new Set(images.map(({ id }) => imageKey(id)))
  const unknown = ids.filter(({ manifest, name }) => !known.has(imageKey({ manifest, name })))
  if (unknown.length === 0) return undefined
  const faults = unknown.map(({ manifest, name }) => {
    const siblings = images.filter(({ id }) => id.manifest === manifest).map(({ id }) => id.name)
    const help =
      siblings.length > 0
        ? hint(name, siblings, 'image')
        : hint(manifest, [...new Set(images.map(({ id }) => id.manifest))], 'manifest')
    return `There is no image ${formatImageId({ manifest, name })} to select. ${help}`
  })
  return new SelectionError(faults.join('\n'))
}

function hint(written: string, known: readonly string[], what: string): string {
  if (known.length === 0) return `The project has no ${what}.`
  const more = known.length > LISTED ? ' …' : ''
  return suggest(written, known) ?? `Possible: ${known.slice(0, LISTED).join(', ')}${more}.`
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  )
}

/** Why an image that another one refers to does not exist, and what was probably meant. */
export async function explainUnknown(
  { manifest, name }: ImageId,
  read: (file: string) => Promise<Manifest>,
  options: Globs,
): Promise<string> {
  const other = await read(path.join(options.root, manifest)).catch(() => undefined)
  if (other) {
    const names = other.images.map(({ id }) => id.name)
    return withHint(`that manifest has no image \`${name}\`.`, suggest(name, names))
  }
  const known = (await discoverManifests(options)).map(file => projectPath(options.root, file))
  const meant = nearest(stemOf(manifest), known.map(stemOf))
  const found = known.find(file => stemOf(file) === meant)
  return withHint('that manifest does not exist.', found && `Did you mean \`${found}\`?`)
}

/** All manifests end alike, which would make any two names near. */
function stemOf(manifest: string): string {
  return manifest.replace(/\.image\.ya?ml$/, '')
}

function withHint(sentence: string, hint: string | undefined): string {
  return hint === undefined ? sentence : `${sentence} ${hint}`
}
