import type { Compilation } from 'webpack'
import { stripQuery } from '../manifests/manifest-id.ts'
import type { PluginSession } from '../session/plugin-session.ts'
import { guardOutputs } from './guard-outputs.ts'

/** {@link guardOutputs} for webpack and Rspack. */
export async function guardCompilation(
  session: PluginSession,
  compilation: Compilation,
): Promise<void> {
  const outputs = compilation.getAssets().map(({ name, source }) => ({
    name: stripQuery(name),
    content: source.source(),
  }))
  await guardOutputs(session, outputs, () =>
    [...compilation.modules].flatMap(module => {
      const file = module.nameForCondition()
      return file === null ? [] : [file]
    }),
  )
}
