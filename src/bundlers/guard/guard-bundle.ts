import { stripQuery } from '../manifests/manifest-id.ts'
import type { PluginSession } from '../session/plugin-session.ts'
import type { Output } from './find-suspects.ts'
import { guardOutputs } from './guard-outputs.ts'

/** A bundle of Rollup, Rolldown or Vite that is about to be written. */
type Bundle = Readonly<Record<string, Chunk | Asset>>

interface Chunk {
  readonly type: 'chunk'
  readonly fileName: string
  readonly code: string
}

interface Asset {
  readonly type: 'asset'
  readonly fileName: string
  readonly names: readonly string[]
  readonly source: string | Uint8Array
}

export interface BundleFacts {
  moduleIds(): Iterable<string>
  /** Whether a file is a picture that this instance emitted. */
  isOurs(file: Asset): boolean
}

/** {@link guardOutputs} for hosts like Rollup. */
export async function guardBundle(
  session: PluginSession,
  bundle: Bundle,
  { moduleIds, isOurs }: BundleFacts,
): Promise<void> {
  await guardOutputs(session, outputsOf(bundle, isOurs), () => [...moduleIds()].map(stripQuery))
}

/**
 * One after the other, and without our pictures: Rolldown copies the bytes of each file that is asked
 * for them, and keeps the copy as long as the bundle.
 */
function* outputsOf(bundle: Bundle, isOurs: BundleFacts['isOurs']): Generator<Output> {
  for (const file of Object.values(bundle)) {
    if (file.type === 'chunk') yield { name: file.fileName, content: file.code }
    else if (!isOurs(file)) yield { name: file.fileName, content: file.source }
  }
}
