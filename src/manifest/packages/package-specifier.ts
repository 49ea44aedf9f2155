/** What a package's export is called by: `@acme/brand/logo.image.yaml`. */
export interface PackageSpecifier {
  /** `@acme/brand` */
  readonly name: string
  /** `./logo.image.yaml` */
  readonly subpath: string
}

const SPECIFIER = /^(@[a-z\d~-][\w.~-]*\/[a-z\d~-][\w.~-]*|[a-z\d~-][\w.~-]*)\/([^\\]+)$/i

/** Undefined for what can only be a path. A path without `./` in front may look like a package. */
export function parsePackageSpecifier(text: string): PackageSpecifier | undefined {
  const [, name, rest] = SPECIFIER.exec(text) ?? []
  return name === undefined || rest === undefined ? undefined : { name, subpath: `./${rest}` }
}

/** Whether a path in a manifest is meant for a package: no folder is likely to begin with `@`. */
export function isScoped({ name }: PackageSpecifier): boolean {
  return name.startsWith('@')
}
