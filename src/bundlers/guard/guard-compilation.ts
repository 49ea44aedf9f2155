import type { Compilation } from 'webpack'
import { stripQuery } from '../manifests/manifest-id.ts'
import type { PluginSession } from '../session/plugin-session.ts'
import type { Output } from './find-suspects.ts'
import { guardOutputs } from './guard-outputs.ts'

/** {@link guardOutputs} for webpack and Rspack. */
export async function guardCompilation(
  session: PluginSession,
  compilation: Compilation,
): Promise<void> {
  await guardOutputs(session, outputsOf(compilation), () =>
    [...compilation.modules].flatMap(module => {
      const file = module.nameForCondition()
      return file === null ? [] : [file]
    }),
  )
}

/** One after the other: some sources make their content when they are asked for it. */
function* outputsOf(compilation: Compilation): Generator<Output> {
  for (const { name, source } of compilation.getAssets()) {
    yield { name: stripQuery(name), content: source.source() }
  }
}
