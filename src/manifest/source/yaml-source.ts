import type { Diagnostic } from '../../errors/manifest-error.ts'
import { checkYaml } from './check-yaml.ts'
import { composeYaml } from './compose-yaml.ts'
import type { Faults } from './faults.ts'
import type { SourceText } from './source-text.ts'
import { createYamlLocator, type YamlLocator } from './yaml-locator.ts'

/** A parsed document: its plain value, and the positions of its parts. */
export interface YamlSource extends YamlLocator {
  readonly source: SourceText
  readonly value: unknown
}

/** The library's limit of resolved aliases, beyond which it refuses a document as a bomb. */
const MAX_ALIASES = 100

/** @returns undefined when the text is not a usable YAML document; the faults say why. */
export function parseYaml(source: SourceText, faults: Faults): YamlSource | undefined {
  const document = composeYaml(source, faults)
  if (!document) return undefined
  checkYaml(document, source, faults)
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
    return { source, value, ...createYamlLocator(document) }
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    faults.add(explainAlias(error, source))
    return undefined
  }
}

function explainAlias({ message }: ReferenceError, source: SourceText): Diagnostic {
  const unresolved = /Unresolved alias.*: (.*)$/.exec(message)?.[1]
  const start = Math.max(0, source.text.indexOf(unresolved ? `*${unresolved}` : '*'))
  return unresolved
    ? source.diagnostic(
        { start, end: start + unresolved.length + 1 },
        `The alias \`*${unresolved}\` has no anchor \`&${unresolved}\` above it.`,
        'Put text that starts with "*" in quotes.',
      )
    : source.diagnostic(
        { start, end: start + 1 },
        'The aliases of this manifest expand to too much data.',
        'Write shared settings under `defaults`.',
      )
}
