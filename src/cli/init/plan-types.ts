import path from 'node:path'
import { editTsconfig } from './edit-tsconfig.ts'
import type { InitChange } from './init-change.ts'
import type { TsconfigFile } from './read-tsconfigs.ts'

/** The mirror tree, relative to the root. */
const MIRROR = '.imagegen/types'

export interface TypesPlan {
  /** Where exact types belong in this project. */
  readonly types: 'mirror' | 'sidecar'
  readonly changes: readonly InitChange[]
  readonly hints: readonly string[]
}

/**
 * Decides where exact types go. A mirror tree leaves the sources alone, but needs `rootDirs`: where
 * those come from a configuration that is extended or generated, or where a build lists its files,
 * types lie beside their manifests instead. Pure.
 * @param preferred what the options say
 */
export function planTypes(
  tsconfigs: readonly TsconfigFile[],
  preferred: TypesPlan['types'],
): TypesPlan {
  const changes: InitChange[] = []
  const hints: string[] = []
  const possible = tsconfigs.every(
    ({ generated, composite, inheritsRootDirs }) => !generated && !composite && !inheritsRootDirs,
  )
  const mirror = possible && preferred === 'mirror'
  for (const { file, text, generated } of tsconfigs) {
    if (generated) {
      hints.push(
        `${file} is written by your framework. Set "allowArbitraryExtensions": true in the framework's compiler options.`,
      )
      continue
    }
    const edit = editTsconfig(text, mirror ? pathFrom(file, MIRROR) : undefined)
    if (edit.kind === 'by-hand') hints.push(edit.advice.replaceAll('tsconfig.json', file))
    else if (edit.added.length > 0) {
      const what = `${edit.added.join(' and ')} for exact types`
      changes.push({ file, action: 'edit', what, content: edit.text })
    }
    if (mirror && /"paths"\s*:/.test(text)) hints.push(adviseAliases(file, text))
  }
  return { types: mirror ? 'mirror' : 'sidecar', changes, hints }
}

/** Shows the first alias of the file, so that the advice can be pasted. */
function adviseAliases(file: string, text: string): string {
  const [, name = '@/*', first = './src/*'] =
    /"paths"\s*:\s*\{\s*"([^"]+)"\s*:\s*\[\s*"(\.\/[^"]+)"\s*\]/.exec(text) ?? []
  const second = `${pathFrom(file, MIRROR)}/${first.slice('./'.length)}`
  return `Path aliases in ${file} need a second target to find exact types of manifests: "${name}": ["${first}", "${second}"].`
}

function pathFrom(file: string, folder: string): string {
  const relative = path.posix.relative(path.posix.dirname(file), folder)
  return relative.startsWith('.') && !relative.startsWith('.imagegen') ? relative : `./${relative}`
}
