export type TsconfigEdit =
  /** The new text; the same as before when nothing is missing. */
  | { readonly kind: 'edited'; readonly text: string; readonly added: readonly string[] }
  /** It cannot be edited safely: what to write by hand. */
  | { readonly kind: 'by-hand'; readonly advice: string }

const WANTED: Readonly<Record<string, (typesDir: string) => string>> = {
  allowArbitraryExtensions: () => 'true',
  rootDirs: typesDir => `[".", ${JSON.stringify(typesDir)}]`,
}

/**
 * Adds what exact types need to the text of a `tsconfig.json`. Comments, order and formatting
 * stay: nothing is parsed and written anew.
 * @param typesDir the mirror tree, relative to the file
 */
export function editTsconfig(text: string, typesDir: string): TsconfigEdit {
  const found = findCompilerOptions(text)
  if (!found) {
    return {
      kind: 'by-hand',
      advice: `Add to compilerOptions of tsconfig.json: ${renderWanted(typesDir)}`,
    }
  }
  const { open, members } = found
  const roots = members.get('rootDirs')
  if (roots !== undefined && !roots.includes('.imagegen/types') && !roots.includes(typesDir)) {
    return {
      kind: 'by-hand',
      advice: `Add ${JSON.stringify(typesDir)} to rootDirs of tsconfig.json, and "." if it is not there.`,
    }
  }
  if (members.get('allowArbitraryExtensions')?.trim().startsWith('false')) {
    return {
      kind: 'by-hand',
      advice: 'Set allowArbitraryExtensions in tsconfig.json to true; exact types need it.',
    }
  }
  const added = Object.keys(WANTED).filter(name => !members.has(name))
  if (added.length === 0) return { kind: 'edited', text, added }
  const line = text.includes('\r\n') ? '\r\n' : '\n'
  const rest = text.slice(open + 1)
  const indentation = /^[ \t]*\r?\n([ \t]+)(?=["/])/.exec(rest)?.[1] ?? '    '
  const lines = added.map(name => `${line}${indentation}"${name}": ${WANTED[name]?.(typesDir)}`)
  const separator = members.size > 0 ? ',' : line
  return {
    kind: 'edited',
    text: `${text.slice(0, open + 1)}${lines.join(',')}${separator}${rest}`,
    added,
  }
}

function renderWanted(typesDir: string): string {
  return Object.entries(WANTED)
    .map(([name, render]) => `"${name}": ${render(typesDir)}`)
    .join(', ')
}

interface CompilerOptions {
  /** Index of the opening brace. */
  readonly open: number
  /** Text of each value. */
  readonly members: ReadonlyMap<string, string>
}

/** Strings, comments, brackets, separators: all that is needed to know where in JSONC one is. */
const TOKEN = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[{}[\]:,]/g

function findCompilerOptions(text: string): CompilerOptions | undefined {
  const members = new Map<string, string>()
  let depth = 0
  let open: number | undefined
  /** The last string, until a colon makes it a name. */
  let word: string | undefined
  let name: string | undefined
  let valueStart = 0
  const endMember = (at: number) => {
    if (open === undefined || depth !== 2) return
    if (name) members.set(name, text.slice(valueStart, at))
    name = undefined
  }
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token.startsWith('/')) continue
    if (token.startsWith('"')) {
      word = token.slice(1, -1)
    } else if (token === ':') {
      if (depth !== 1 && (depth !== 2 || open === undefined)) continue
      name = word
      valueStart = index + 1
    } else if (token === ',') {
      endMember(index)
    } else if (token === '{' || token === '[') {
      if (depth === 1 && name === 'compilerOptions' && token === '{') {
        open = index
        name = undefined
      }
      depth++
    } else {
      endMember(index)
      depth--
      if (open !== undefined && depth === 1) return { open, members }
    }
  }
  return undefined
}
