import type { PluginSession } from '../session/plugin-session.ts'

const INSTANCES = Symbol.for('unplugin-imagegen:instances')

/** An object of a host that all of its plugins see. */
interface Host {
  [INSTANCES]?: PluginSession[]
}

/**
 * Notes an instance of the plugin with its host, so that instances, which know nothing of each
 * other, agree on who takes a manifest. For hosts whose hooks cannot ask the next plugin. Returns
 * the function that ends it.
 */
export function joinInstances(host: object, session: PluginSession): () => void {
  const instances = instancesOf(host)
  Object.assign(host, { [INSTANCES]: instances } satisfies Host)
  instances.push(session)
  return () => {
    instances.splice(instances.indexOf(session), 1)
  }
}

export interface ImportedManifest {
  /** Absolute path. */
  readonly file: string
  /** As it is imported, where the host tells. */
  readonly specifiers?: readonly string[]
}

/**
 * Whether an instance takes a manifest: of those that select it, the first does; where none does,
 * the first one takes what a package exports.
 * @throws UnclaimedManifestError when none of them selects it
 */
export async function takesManifest(
  host: object,
  session: PluginSession,
  { file, specifiers }: ImportedManifest,
): Promise<boolean> {
  for (const instance of instancesOf(host)) {
    if (await instance.selects(file)) return instance === session
  }
  for (const instance of instancesOf(host)) {
    if (await instance.adopts(file, specifiers)) return instance === session
  }
  throw await session.unclaimed(file)
}

function instancesOf(host: Host): PluginSession[] {
  return host[INSTANCES] ?? []
}
