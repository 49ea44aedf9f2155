/** Whether a file has the name of a manifest: `site.image.yaml`. Takes a path or a name. */
export function isManifestName(file: string): boolean {
  return /\.image\.ya?ml$/i.test(file)
}

/** Whether a file can be read as a manifest: one that others only extend may be called `brand.yaml`. */
export function isYamlName(file: string): boolean {
  return /\.ya?ml$/i.test(file)
}

/** Whether a file has a name that people give manifests by mistake: `site.images.yaml`. */
export function isMisnamed(file: string): boolean {
  return /\.(?:images|img|imagegen)\.ya?ml$/i.test(file)
}

/** The name that a manifest should have: `site.images.yaml` and `site.yaml` become `site.image.yaml`. */
export function properManifestName(file: string): string {
  return `${file.replace(/(?:\.(?:images|img|imagegen))?\.\w+$/, '')}.image.yaml`
}

/** What to say of a file with another name. Messages must not quote its content. */
export const NOT_NAMED_LIKE_A_MANIFEST: readonly [message: string, hint: string] = [
  'is not named like a manifest',
  'Name manifests `<name>.image.yaml`. A manifest that others extend may be `<name>.yaml`.',
]
