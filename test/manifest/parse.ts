import { ManifestError } from '../../src/errors/manifest-error.ts'
import type { Manifest, OutputSettings } from '../../src/manifest/manifest.ts'
import { parseManifest } from '../../src/manifest/parse-manifest.ts'
import { SAMPLE_PROVIDER } from './sample-provider.ts'

/** Parses text as `src/site.image.yaml`. */
export function parse(
  text: string,
  output?: OutputSettings,
  bases: readonly string[] = [],
): Manifest {
  const extended = bases.map((base, index) => ({ file: `/project/base-${index}.yaml`, text: base }))
  const options = { root: '/project', provider: SAMPLE_PROVIDER, ...(output && { output }) }
  return parseManifest({ file: '/project/src/site.image.yaml', text }, options, extended)
}

/** The faults of a manifest, each as `line:column message hint`. */
export function faultsOf(text: string, bases?: readonly string[]): readonly string[] {
  try {
    parse(text, undefined, bases)
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error
    return error.diagnostics.map(({ line, column, message, hint }) =>
      [`${line}:${column}`, message, hint].filter(Boolean).join(' '),
    )
  }
  return []
}
