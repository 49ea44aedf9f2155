import type { OutputSettings } from '../../manifest.ts'

/** Names under which files of an image are emitted. */
export function outputNames({
  file,
  files = [],
}: Pick<OutputSettings, 'file' | 'files'>): readonly string[] {
  return [...(file === undefined ? [] : [file]), ...files.map(named => named.file)]
}
