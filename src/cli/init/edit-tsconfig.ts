import { applyEdits, type FormattingOptions, modify, parse } from 'jsonc-parser'

export type TsconfigEdit =
  /** The new text; unchanged when nothing is missing. */
  | { readonly kind: 'edited'; readonly text: string; readonly added: readonly string[] }
  /** It cannot be edited safely: what to write by hand. */
  | { readonly kind: 'by-hand'; readonly advice: string }

/**
 * Adds what exact types need to the text of a `tsconfig.json`. Comments, order and formatting stay.
 * @param typesDir the mirror tree, relative to the file; absent: types lie beside their manifests
 */
export function editTsconfig(text: string, typesDir?: string): TsconfigEdit {
  const { compilerOptions = {} } = parse(text) ?? {}
  if (compilerOptions.allowArbitraryExtensions === false) {
    return {
      kind: 'by-hand',
      advice: 'Set allowArbitraryExtensions to true in tsconfig.json. Exact types need it.',
    }
  }
  const { rootDirs } = compilerOptions
  const mirrored = Array.isArray(rootDirs) && rootDirs.some(isTypesDir)
  const added: string[] = []
  let edited = text
  const set = (path: readonly (string | number)[], value: unknown): void => {
    const formattingOptions = styleOf(text)
    const isArrayInsertion = path.at(-1) === -1
    edited = applyEdits(
      edited,
      modify(edited, ['compilerOptions', ...path], value, { formattingOptions, isArrayInsertion }),
    )
  }
  if (compilerOptions.allowArbitraryExtensions === undefined) {
    set(['allowArbitraryExtensions'], true)
    added.push('allowArbitraryExtensions')
  }
  if (typesDir !== undefined && !mirrored) {
    if (Array.isArray(rootDirs)) set(['rootDirs', -1], typesDir)
    else set(['rootDirs'], ['.', typesDir])
    added.push('rootDirs')
  }
  return { kind: 'edited', text: edited, added }
}

function isTypesDir(folder: unknown): boolean {
  return typeof folder === 'string' && /(?:^|\/)\.imagegen\/types\/?$/.test(folder)
}

function styleOf(text: string): FormattingOptions {
  return {
    insertSpaces: !/^\t/m.test(text),
    tabSize: /^( +)\S/m.exec(text)?.[1]?.length ?? 2,
    eol: text.includes('\r\n') ? '\r\n' : '\n',
  }
}
