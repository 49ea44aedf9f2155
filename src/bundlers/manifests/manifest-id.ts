/** Manifests among import specifiers and module ids, with or without a query. */
export const MANIFEST_ID: RegExp = /\.image\.ya?ml(?:\?|$)/

/** The one query that asks for the manifest's own text: none of our business. */
export const RAW_QUERY: RegExp = /[?&]raw(?:[=&]|$)/

/** Queries that hosts answer with the manifest's text, as a file or a `data:` URL. */
export const PUBLISHING_QUERY: RegExp = /[?&](?:url|inline)(?:[=&]|$)/

/**
 * Ends the ids of our modules in Rollup-like hosts. YAML plugins go by an id's ending and would
 * take our JavaScript for YAML.
 */
const SUFFIX = '?imagegen.js'

/** Ends the ids of manifests that every instance of the plugin declined. */
const UNCLAIMED_SUFFIX = '?imagegen-unclaimed.js'

/** Ends the ids of modules that export one URL, after the query that names the file. */
const URL_SUFFIX = '&imagegen-url.js'

/** Ends the ids of a module's types, in passes that read declarations only and go by an id's ending. */
const TYPES_SUFFIX = '?imagegen-types.d.ts'

/** Ids of our modules in Rollup-like hosts. */
export const MODULE_ID: RegExp = /\.image\.ya?ml\?imagegen\.js$/

/** Ids of manifests, in Rollup-like hosts, whose loading is an error. */
export const UNCLAIMED_ID: RegExp = /\.image\.ya?ml\?imagegen-unclaimed\.js$/

/** Ids of our modules' types, in Rollup-like hosts. */
export const TYPES_ID: RegExp = /\.image\.ya?ml\?imagegen-types\.d\.ts$/

/** Ids of modules, in Rollup-like hosts, whose default export is the URL of one file of an image. */
export const URL_ID: RegExp = /\.image\.ya?ml\?.*&imagegen-url\.js$/

/** Type files of manifests, and the declarations that are made of them. */
export const TYPES_FILE: RegExp = /\.image\.d\.ya?ml(?:\.d)?\.ts$/

export function toModuleId(file: string): string {
  return file + SUFFIX
}

export function toTypesId(file: string): string {
  return file + TYPES_SUFFIX
}

/** @param query of the URL, without its question mark */
export function toUrlId(file: string, query: string): string {
  return `${file}?${query.replace(URL_SUFFIX, '')}${URL_SUFFIX}`
}

export function toUnclaimedId(file: string): string {
  return file + UNCLAIMED_SUFFIX
}

/** The path in an id or specifier, without its query. */
export function stripQuery(id: string): string {
  const query = id.indexOf('?')
  return query < 0 ? id : id.slice(0, query)
}
