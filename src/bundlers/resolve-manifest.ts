import { FOREIGN_QUERY, stripQuery, toModuleId } from './manifest-id.ts'
import type { Session } from './session.ts'

/** What Rollup, Rolldown and Vite have in common where a specifier is resolved. */
export interface ResolveContext {
  resolve(
    source: string,
    importer: string | undefined,
    options: { skipSelf: true },
  ): Promise<{ readonly id: string; readonly external: unknown } | null>
}

/** Gives a manifest that is ours an id of ours; anything else is left to others. */
export async function resolveManifest(
  context: ResolveContext,
  session: Session,
  source: string,
  importer: string | undefined,
): Promise<{ id: string; moduleSideEffects: false } | null> {
  if (FOREIGN_QUERY.test(source)) return null
  const resolved = await context.resolve(stripQuery(source), importer, { skipSelf: true })
  if (!resolved || resolved.external) return null
  const file = stripQuery(resolved.id)
  if (!(await session.selects(file))) return null
  return { id: toModuleId(file), moduleSideEffects: false }
}
