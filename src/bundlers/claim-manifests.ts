import path from 'node:path'
import { UnclaimedManifestError } from '../errors/unclaimed-manifest-error.ts'
import { parsePackageSpecifier } from '../manifest/packages/package-specifier.ts'
import { shownText } from '../text/shown-text.ts'
import {
  MANIFEST_ID,
  MODULE_ID,
  PUBLISHING_QUERY,
  RAW_QUERY,
  stripQuery,
  TYPES_ID,
  toModuleId,
  toTypesId,
  toUnclaimedId,
  toUrlId,
  UNCLAIMED_ID,
  URL_ID,
} from './manifests/manifest-id.ts'
import { refuseQuery } from './manifests/refuse-reference.ts'
import type { PluginSession } from './session/plugin-session.ts'
import { checkQuery } from './urls/picture-file.ts'
import { isQueryFault, parsePictureQuery } from './urls/picture-query.ts'
import { urlError } from './urls/url-error.ts'

/** What Rollup, Rolldown and Vite have in common where a specifier is resolved. */
export interface ImporterContext {
  resolve(
    source: string,
    importer: string | undefined,
    options: { skipSelf: true },
  ): Promise<{ readonly id: string; readonly external: unknown } | null>
}

export interface ResolvedManifest {
  readonly id: string
  readonly moduleSideEffects: false
}

/** Importers in passes that read declarations only. */
const DECLARATION = /\.d\.[cm]?ts(?:\?|$)/

export interface ClaimOptions {
  /**
   * Whether the host can load a module's types where a declaration imports a manifest; otherwise such
   * an import is left to the plugin that reads declarations.
   */
  readonly loadsTypes: boolean
}

/** Which manifests of a Rollup-like host one instance of the plugin takes. */
export interface ManifestClaims {
  /**
   * Gives a manifest an id that no other plugin takes for YAML: the one of its module if this
   * instance or one behind it selects it, otherwise one whose loading is an error. An instance that
   * was asked by another one before it is overruled by that one.
   */
  resolve(
    context: ImporterContext,
    source: string,
    importer: string | undefined,
  ): Promise<ResolvedManifest | null>
  /**
   * Whether to load a module under such an id; false leaves it to another instance.
   * @throws UnclaimedManifestError
   */
  claims(id: string): Promise<boolean>
}

export function createManifestClaims(
  session: PluginSession,
  { loadsTypes }: ClaimOptions = { loadsTypes: false },
): ManifestClaims {
  const claimed = new Set<string>()
  return {
    async resolve(context, source, importer) {
      // Older hosts know no filters: Rollup before 4.38, Vite before 6.3.
      if (!MANIFEST_ID.test(source) || RAW_QUERY.test(source) || source.startsWith('\0'))
        return null
      const forTypes = importer !== undefined && DECLARATION.test(importer)
      if (forTypes && !loadsTypes) return null
      const resolved =
        (await context.resolve(stripQuery(source), importer, { skipSelf: true })) ??
        (await resolveExport(stripQuery(source), importer))
      if (!resolved || resolved.external || !MANIFEST_ID.test(resolved.id)) return null
      const file = session.locate(stripQuery(resolved.id))
      if (PUBLISHING_QUERY.test(source)) throw refuseQuery(source, importer)
      const isSelected = await session.selects(file)
      // Another instance selects it.
      if (!isSelected && isClaimed(resolved.id)) {
        const id = parsePictureQuery(source) ? toUrlId(file, queryIn(source)) : resolved.id
        return { id, moduleSideEffects: false }
      }
      if (!isSelected && !(await session.adopts(file, [stripQuery(source)]))) {
        return { id: toUnclaimedId(file), moduleSideEffects: false }
      }
      const id = forTypes ? toTypesId(file) : await idOf(session, file, source, importer)
      claimed.add(id)
      return { id, moduleSideEffects: false }
    },
    async claims(id) {
      const file = stripQuery(id)
      if (UNCLAIMED_ID.test(id)) throw await session.unclaimed(file)
      if (!isClaimed(id)) return false
      // Another process resolved the modules in a host's own cache.
      return claimed.has(id) || (await session.selects(file))
    },
  }
}

/**
 * The manifest that an import names by its package, for Rollup, which knows no packages by itself.
 * @throws UnclaimedManifestError when the package has no such manifest
 */
async function resolveExport(
  source: string,
  importer: string | undefined,
): Promise<{ readonly id: string; readonly external: false } | null> {
  const specifier = parsePackageSpecifier(source)
  if (!specifier || importer === undefined || !path.isAbsolute(importer)) return null
  const { resolvePackageFile } = await import('../manifest/packages/resolve-package-file.ts')
  const found = await resolvePackageFile(specifier, stripQuery(importer))
  if (!found) return null
  if ('file' in found) return { id: found.file, external: false }
  const { message, hint } = found
  throw new UnclaimedManifestError(
    shownText(`${stripQuery(importer)} imports "${source}". ${[message, hint].join(' ').trim()}`),
  )
}

/**
 * The id of a manifest's module, or of one of its URLs.
 * @throws ManifestError for a query that names no picture, where it was written
 */
async function idOf(
  session: PluginSession,
  file: string,
  source: string,
  importer: string | undefined,
): Promise<string> {
  const query = parsePictureQuery(source)
  if (!query) return toModuleId(file)
  const fault = isQueryFault(query) ? query : await checkQuery(session, file, query)
  if (!fault) return toUrlId(file, queryIn(source))
  const { options } = await session.pipeline()
  throw await urlError(options.root, importer ?? file, source, fault)
}

function queryIn(source: string): string {
  return source.slice(source.indexOf('?') + 1)
}

function isClaimed(id: string): boolean {
  return MODULE_ID.test(id) || TYPES_ID.test(id) || URL_ID.test(id)
}
