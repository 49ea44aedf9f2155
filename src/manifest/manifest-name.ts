/** Whether a file is named as manifests are: `site.image.yaml`. Takes a path or a name. */
export function isManifestName(file: string): boolean {
  return /\.image\.ya?ml$/i.test(file)
}

/** Whether a file may be read as a manifest: one that others only extend may be called `brand.yaml`. */
export function isYamlName(file: string): boolean {
  return /\.ya?ml$/i.test(file)
}

/** What is wrong with a file that is not called so; nothing of what is in it may be shown. */
export const NOT_NAMED_LIKE_A_MANIFEST: readonly [message: string, hint: string] = [
  'is not named like a manifest',
  'Manifests are called `<name>.image.yaml`; what they extend may be called `<name>.yaml`.',
]
