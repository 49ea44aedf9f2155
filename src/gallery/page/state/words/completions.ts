import type { FieldHelp, FieldPath } from './words-schema.ts'

interface Completed {
  readonly path: FieldPath
  /** What was typed so far. */
  readonly text: string
  readonly help: FieldHelp | undefined
  /** The other images of the manifest. */
  readonly names: readonly string[]
}

/** Whole texts that the field can be completed to. Of a list its last part is completed. Pure. */
export function completionsOf({ path, text, help, names }: Completed): readonly string[] {
  const isImage = path[0] === 'variants' && path[2] === 'image'
  if (isImage) return names
  const { type = 'other' } = help ?? {}
  const suggestions = type === 'references' ? names : (help?.suggestions ?? [])
  if (type !== 'list' && type !== 'references') return suggestions
  const written = text.split(',').map(part => part.trim())
  const before = written.slice(0, -1)
  return suggestions
    .filter(value => !before.includes(value))
    .map(value => [...before, value].join(', '))
}
