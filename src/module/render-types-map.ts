import { encode, type SourceMapMappings } from '@jridgewell/sourcemap-codec'
import type { Manifest } from '../manifest/manifest.ts'
import type { SourcePosition } from '../manifest/source/source-text.ts'

export interface TypesMapNames {
  /** Name of the type file, without folders. */
  readonly file: string
  /** Path of the manifest relative to the type file, with slashes. */
  readonly source: string
}

/**
 * The declaration map of a type file: it leads editors from an image in code to its line in the
 * manifest. TypeScript finds it by its name, without a comment in the type file. Pure.
 * @param types the type file as it is on disk: a formatter may have moved everything
 */
export function renderTypesMap(
  manifest: Manifest,
  types: string,
  { file, source }: TypesMapNames,
): string {
  const mappings = encode(findMappings(manifest, types))
  return `${JSON.stringify({ version: 3, file, sources: [source], names: [], mappings })}\n`
}

/** `hero.image.d.yaml.ts` → `hero.image.d.yaml.ts.map`. */
export function typesMapPathOf(types: string): string {
  return `${types}.map`
}

/** A piece of the type file that leads to a place in the manifest. */
interface MappedName {
  readonly start: number
  readonly end: number
  readonly at: SourcePosition
}

/**
 * TypeScript looks up the start and the end of a name, and where there is no mapping it takes the
 * next one. The beginning of the file, where the module itself is defined, leads to the beginning
 * of the manifest.
 */
function findMappings(manifest: Manifest, types: string): SourceMapMappings {
  const top: MappedName = { start: 0, end: 0, at: { line: 1, column: 1 } }
  const names = [top, ...findNames(manifest, types)].sort((a, b) => a.start - b.start)
  const mappings: SourceMapMappings = []
  const positionOf = createLineCounter(types)
  for (const { start, end, at } of names) {
    for (const offset of new Set([start, end])) {
      const { line, column } = positionOf(offset)
      while (mappings.length <= line) mappings.push([])
      mappings[line]?.push([column, 0, at.line - 1, at.column - 1])
    }
  }
  return mappings
}

function findNames({ single, images }: Manifest, types: string): readonly MappedName[] {
  const [first] = images
  if (single && first) {
    const [image] = findAll(types, /^[ \t]*(?:declare )?const (image)\s*:/gm).values()
    return image ? [{ ...image, at: first.at }] : []
  }
  const exported = findAll(types, /^[ \t]*export (?:declare )?const ([^\s:]+)\s*:/gm)
  // The record comes last, and its members are named like the images.
  const record = /^[ \t]*(?:declare )?const [^\s:]+\s*:/m.exec(types)?.index ?? types.length
  const members = findAll(types, /^[ \t]*readonly ("[^"\n]*"|'[^'\n]*'|[^\s:"']+)\s*:/gm, record)
  return images.flatMap(({ id, exportName, at }) =>
    [exported.get(exportName), members.get(id.name)].flatMap(name =>
      name ? [{ ...name, at }] : [],
    ),
  )
}

/** The names that a pattern finds, each without the quotes that formatters may take away. */
function findAll(
  types: string,
  pattern: RegExp,
  from = 0,
): ReadonlyMap<string, Pick<MappedName, 'start' | 'end'>> {
  pattern.lastIndex = from
  const found = new Map<string, Pick<MappedName, 'start' | 'end'>>()
  for (let match = pattern.exec(types); match; match = pattern.exec(types)) {
    const [text, name = ''] = match
    const start = match.index + text.lastIndexOf(name)
    found.set(name.replace(/^["']|["']$/g, ''), { start, end: start + name.length })
  }
  return found
}

/** Gives lines and columns of offsets that never decrease. */
function createLineCounter(text: string): (offset: number) => { line: number; column: number } {
  let line = 0
  let lineStart = 0
  return offset => {
    for (;;) {
      const end = text.indexOf('\n', lineStart)
      if (end < 0 || end >= offset) return { line, column: offset - lineStart }
      line += 1
      lineStart = end + 1
    }
  }
}
