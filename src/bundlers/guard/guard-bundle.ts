import { stripQuery } from '../manifests/manifest-id.ts'
import type { PluginSession } from '../session/plugin-session.ts'
import { guardOutputs } from './guard-outputs.ts'

/** A bundle of Rollup, Rolldown or Vite that is about to be written. */
type Bundle = Readonly<
  Record<
    string,
    | { readonly type: 'chunk'; readonly fileName: string; readonly code: string }
    | { readonly type: 'asset'; readonly fileName: string; readonly source: string | Uint8Array }
  >
>

/** {@link guardOutputs} for hosts like Rollup. */
export async function guardBundle(
  session: PluginSession,
  bundle: Bundle,
  moduleIds: () => Iterable<string>,
): Promise<void> {
  const outputs = Object.values(bundle).map(file => ({
    name: file.fileName,
    content: file.type === 'chunk' ? file.code : file.source,
  }))
  await guardOutputs(session, outputs, () => [...moduleIds()].map(stripQuery))
}
