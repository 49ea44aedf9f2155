import { readdirSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** Modules that users import, by the name of their file in `src`. */
export const ENTRIES: readonly string[] = readdirSync(path.join(ROOT, 'src'))
  .filter(name => name.endsWith('.ts') && name !== 'bin.ts')
  .map(name => name.slice(0, -'.ts'.length))

/** Entries for pages, whose types concern no pipeline. */
const COMPONENTS = ['html', 'react', 'svelte', 'vue']

export interface PublicTypes {
  /** The declarations of an entry as users see them, without comments, by name. */
  declarationsOf(entry: string): string
  /** Types of this package in the entries' declarations that neither they nor `api` export: `Plan: PlannedImage`. */
  findUnexported(): readonly string[]
  /** Exports of `api` that have no documentation. */
  findUndocumented(): readonly string[]
}

/** Reads the types of all entries as the compiler emits them. */
export function readPublicTypes(): PublicTypes {
  const program = readDeclarations()
  const checker = program.getTypeChecker()
  const api = exportsOf('api')

  function exportsOf(entry: string): ReadonlyMap<string, ts.Symbol> {
    const file = program.getSourceFile(path.join(ROOT, `src/${entry}.ts`))
    const module = file && checker.getSymbolAtLocation(file)
    const symbols = module ? checker.getExportsOfModule(module) : []
    return new Map(symbols.map(symbol => [symbol.name, resolveAlias(symbol)]))
  }

  function resolveAlias(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  }

  /** Types of this package that a declaration names. */
  function typesIn(declaration: ts.Node): ReadonlySet<ts.Symbol> {
    const found = new Set<ts.Symbol>()
    function visit(node: ts.Node): void {
      const name = ts.isTypeReferenceNode(node)
        ? node.typeName
        : ts.isExpressionWithTypeArguments(node)
          ? node.expression
          : undefined
      const symbol = name && checker.getSymbolAtLocation(name)
      if (symbol) found.add(resolveAlias(symbol))
      ts.forEachChild(node, visit)
    }
    visit(declaration)
    return new Set([...found].filter(isOurs))
  }

  /** A type that is derived from a list of values is shown as what it comes to. */
  function show(name: string, node: ts.Node): string {
    if (!ts.isTypeAliasDeclaration(node) || !/\btypeof\b/.test(print(name, node))) {
      return print(name, node)
    }
    const flags = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.InTypeAlias
    return `export type ${name} = ${checker.typeToString(checker.getTypeAtLocation(node), node, flags)};`
  }

  return {
    declarationsOf: entry =>
      [...exportsOf(entry)]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .flatMap(([name, symbol]) => declarationsOf(symbol).map(node => show(name, node)))
        .join('\n\n'),
    findUnexported() {
      const known = new Set(api.values())
      const entries = ENTRIES.filter(entry => !COMPONENTS.includes(entry))
      const missing = entries.flatMap(entry => {
        const own = new Set(exportsOf(entry).values())
        return exportNames(entry).flatMap(([name, symbol]) =>
          declarationsOf(symbol)
            .flatMap(declaration => [...typesIn(declaration)])
            .filter(type => !known.has(type) && !own.has(type))
            .map(type => `${name}: ${type.name}`),
        )
      })
      return [...new Set(missing)].sort()
    },
    findUndocumented: () =>
      [...api]
        .filter(([, symbol]) => symbol.getDocumentationComment(checker).length === 0)
        .map(([name]) => name)
        .sort(),
  }

  function exportNames(entry: string): readonly (readonly [string, ts.Symbol])[] {
    return [...exportsOf(entry)]
  }
}

function declarationsOf(symbol: ts.Symbol): readonly ts.Node[] {
  return (symbol.declarations ?? []).map(node =>
    ts.isVariableDeclaration(node) ? node.parent.parent : node,
  )
}

function isOurs({ flags, declarations = [] }: ts.Symbol): boolean {
  const isParameter = (flags & ts.SymbolFlags.TypeParameter) !== 0
  return (
    !isParameter &&
    declarations.some(node => node.getSourceFile().fileName.startsWith(path.join(ROOT, 'src/')))
  )
}

const printer = ts.createPrinter({ removeComments: true })

function print(name: string, node: ts.Node): string {
  const text = printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile())
  return name === 'default' ? `// default\n${text}` : text
}

/**
 * A program over the declarations of our own files, each under its file's name. It loads no other
 * package: types of bundlers are large, and nobody asks for them here.
 */
function readDeclarations(): ts.Program {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
    verbatimModuleSyntax: true,
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile } = host
  host.getSourceFile = (fileName, target, ...rest) => {
    if (!fileName.startsWith(path.join(ROOT, 'src/'))) {
      return getSourceFile(fileName, target, ...rest)
    }
    const source = ts.sys.readFile(fileName) ?? ''
    const { outputText } = ts.transpileDeclaration(source, { fileName, compilerOptions: options })
    return ts.createSourceFile(fileName, outputText, target, true)
  }
  host.resolveModuleNameLiterals = (names, from) =>
    names.map(({ text }) => ({
      resolvedModule: text.startsWith('.')
        ? {
            resolvedFileName: path.resolve(path.dirname(from), text),
            extension: ts.Extension.Ts,
          }
        : undefined,
    }))
  const entries = ENTRIES.map(entry => path.join(ROOT, `src/${entry}.ts`))
  return ts.createProgram(entries, options, host)
}
