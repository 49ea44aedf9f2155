import path from 'node:path'

/** What a search for uses knows of a manifest. */
export interface UsedManifest {
  /** Absolute path. */
  readonly file: string
  readonly isSingle: boolean
  readonly images: readonly { readonly name: string; readonly exportName: string }[]
}

/** A source file. */
export interface SearchedSource {
  /** Absolute path. */
  readonly file: string
  readonly text: string
}

/** An image that a source file uses. */
export interface FoundUse {
  /** Absolute path. */
  readonly manifest: string
  readonly name: string
}

/** Finds the images that source files use: by import, and by a path with `?image=`. */
export interface UseSearch {
  find(source: SearchedSource): readonly FoundUse[]
}

/** The most characters before a specifier in which its import clause is looked for. */
const CLAUSE = 4_000

/** @param root absolute path that `/site.image.yaml` starts at */
export function createUseSearch(manifests: readonly UsedManifest[], root: string): UseSearch {
  const names = [...new Set(manifests.map(({ file }) => path.basename(file)))]
  const pattern = names.map(name => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  return {
    find(source) {
      if (names.length === 0 || !names.some(name => source.text.includes(name))) return []
      const specifiers = new RegExp(`([^'"\`()\\s=,]*?(?:${pattern}))(\\?[^'"\`()\\s,]*)?`, 'g')
      return [...source.text.matchAll(specifiers)].flatMap(
        ({ 1: given = '', 2: query = '', index }) =>
          manifests
            .filter(({ file }) => leadsTo(given, file, { from: source.file, root }))
            .flatMap(manifest =>
              usedNames(manifest, query, source.text, index).map(name => ({
                manifest: manifest.file,
                name,
              })),
            ),
      )
    },
  }
}

/** Of an alias only what follows its first part is known. */
function leadsTo(
  specifier: string,
  file: string,
  { from, root }: { readonly from: string; readonly root: string },
): boolean {
  if (path.basename(specifier) !== path.basename(file)) return false
  if (specifier.startsWith('.')) return path.resolve(path.dirname(from), specifier) === file
  if (specifier.startsWith('/')) return path.join(root, specifier) === file || specifier === file
  if (!specifier.includes('/')) return path.join(path.dirname(from), specifier) === file
  const tail = specifier.slice(specifier.indexOf('/'))
  return file.split(path.sep).join('/').endsWith(tail)
}

function usedNames(
  { isSingle, images }: UsedManifest,
  query: string,
  text: string,
  index: number,
): readonly string[] {
  const all = images.map(({ name }) => name)
  const asked = new URLSearchParams(query.slice(1)).get('image')
  if (asked !== null) return all.filter(name => name === asked)
  if (isSingle) return all
  const clause = clauseBefore(text.slice(Math.max(0, index - CLAUSE), index))
  if (clause === undefined) return all
  const { names, whole } = parseClause(clause)
  return images
    .filter(image => names.has(image.exportName) || isReadFrom(whole, image, text))
    .map(({ name }) => name)
}

/** `site, { hero as h }` of the import or export that ends here; undefined for other mentions. */
function clauseBefore(text: string): string | undefined {
  const start = Math.max(
    text.lastIndexOf('import '),
    text.lastIndexOf('export '),
    text.lastIndexOf('import{'),
    text.lastIndexOf('export{'),
  )
  const found = /^(?:import|export)\b\s*(?:type\s)?([^'"`;]*?)\s*from\s*['"]$/.exec(
    text.slice(start),
  )
  return start < 0 ? undefined : found?.[1]
}

/** The names that a clause takes, and the one that it gives to the record of all. */
function parseClause(clause: string): {
  readonly names: ReadonlySet<string>
  readonly whole: string | undefined
} {
  const braces = /\{([^}]*)\}/.exec(clause)?.[1] ?? ''
  const names = braces.split(',').map(part =>
    part
      .trim()
      .replace(/^type\s+/, '')
      .split(/\s+as\s+/),
  )
  const byDefault = names.find(([name]) => name === 'default')?.[1]
  const outside = clause.replace(/\{[^}]*\}/, '')
  const whole = outside.split(',').map(part => part.replace(/^\s*\*\s*as\s+/, '').trim())
  return {
    names: new Set(names.map(([name = '']) => name)),
    whole: byDefault ?? whole.find(name => name !== ''),
  }
}

/** Whether code reads an image of the record of all; yes where it uses that as a whole. */
function isReadFrom(
  whole: string | undefined,
  { name, exportName }: UsedManifest['images'][number],
  text: string,
): boolean {
  if (whole === undefined) return false
  // `export * from`
  if (whole === '*') return true
  const escaped = whole.replace(/\$/g, '\\$&')
  const uses = [
    ...text.matchAll(
      new RegExp(
        `(?<![\\w$.])${escaped}\\b(\\s*\\??\\.\\s*\\w+|\\s*\\[\\s*(['"])([^'"]*)\\2\\s*\\])?`,
        'g',
      ),
    ),
  ]
  return uses.some(({ 1: member, 3: quoted, index, 0: found }) => {
    if (quoted !== undefined) return quoted === name || quoted === exportName
    if (member !== undefined)
      return member.replace(/[\s?.]/g, '') === exportName || member.replace(/[\s?.]/g, '') === name
    const isDeclared =
      /(?:import|as|,|\*)\s*$/.test(text.slice(Math.max(0, index - 20), index)) &&
      /^\s*(?:,|from\b)/.test(text.slice(index + found.length))
    return !isDeclared
  })
}
