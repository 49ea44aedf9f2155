/** Manifests among import specifiers and module ids, with or without a query. */
export const MANIFEST_ID: RegExp = /\.image\.ya?ml(?:\?|$)/

/** Queries that ask for the manifest's own text or URL: none of our business. */
export const FOREIGN_QUERY: RegExp = /[?&](?:raw|url|inline)(?:[=&]|$)/

/**
 * Ends the ids of our modules in Rollup-like hosts. YAML plugins go by an id's ending and would
 * take our JavaScript for YAML.
 */
const SUFFIX = '?imagegen.js'

/** Ids of our modules in Rollup-like hosts. */
export const MODULE_ID: RegExp = /\.image\.ya?ml\?imagegen\.js$/

export function toModuleId(file: string): string {
  return file + SUFFIX
}

/** The path in an id or specifier, without its query. */
export function stripQuery(id: string): string {
  const query = id.indexOf('?')
  return query < 0 ? id : id.slice(0, query)
}
