/** Whether a file has the name of a manifest: `site.image.yaml`. Takes a path or a name. */
export function isManifestName(file: string): boolean {
  return /\.image\.ya?ml$/i.test(file)
}

/** Whether a file can be read as a manifest: one that others only extend may be called `brand.yaml`. */
export function isYamlName(file: string): boolean {
  return /\.ya?ml$/i.test(file)
}

/** What to say of a file with another name. Messages must not quote its content. */
export const NOT_NAMED_LIKE_A_MANIFEST: readonly [message: string, hint: string] = [
  'is not named like a manifest',
  'Name manifests `<name>.image.yaml`. A manifest that others extend may be `<name>.yaml`.',
]
