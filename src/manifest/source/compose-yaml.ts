import { Composer, type CST, type Document, Lexer, Parser, type YAMLParseError } from 'yaml'
import type { Diagnostic } from '../../errors/manifest-error.ts'
import type { Faults } from './faults.ts'
import type { SourceText } from './source-text.ts'

/** Levels of collections. A manifest needs six; recursion must not run out of stack. */
const MAX_DEPTH = 60

/** Syntax faults that are reported: further ones tend to follow from the first. */
const MAX_SYNTAX_FAULTS = 3

/** Parses a text of one document; undefined when it is not one, and the faults say why. */
export function composeYaml(source: SourceText, faults: Faults): Document.Parsed | undefined {
  const tokens = readTokens(source, faults)
  if (!tokens) return undefined
  // `checkYaml` finds duplicate keys in less time.
  const composer = new Composer({ uniqueKeys: false, stringKeys: true, merge: false })
  const [document, second] = composer.compose(tokens, true, source.text.length)
  if (!document) return undefined
  for (const error of document.errors.slice(0, MAX_SYNTAX_FAULTS)) {
    faults.add(explainSyntax(error, source))
  }
  if (second && document.errors.length === 0) {
    const separator = source.text.lastIndexOf('---', second.range[0])
    const start = separator === -1 ? second.range[0] : separator
    const message = 'A manifest is one YAML text, but a second one starts here.'
    faults.add(source.diagnostic({ start, end: start + 3 }, message, 'Move it to its own file.'))
  }
  return document.errors.length > 0 || second ? undefined : document
}

function readTokens(source: SourceText, faults: Faults): readonly CST.Token[] | undefined {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  let offset = 0
  for (const lexeme of new Lexer().lex(source.text)) {
    for (const token of parser.next(lexeme)) tokens.push(token)
    if (parser.stack.length > MAX_DEPTH) {
      const message = 'The YAML is nested too deeply for a manifest.'
      faults.add(source.diagnostic({ start: offset, end: offset + 1 }, message))
      return undefined
    }
    offset = parser.offset
  }
  for (const token of parser.end()) tokens.push(token)
  return tokens
}

function explainSyntax({ pos, message, code }: YAMLParseError, source: SourceText): Diagnostic {
  const indent = /^[ ]*/.exec(source.text.slice(pos[0]))?.[0].length ?? 0
  const start = pos[0] + indent
  const [own, hint] = SYNTAX[code] ?? []
  return source.diagnostic(
    { start, end: Math.max(pos[1], start + 1) },
    `This is not valid YAML: ${own ?? asClause(message)}.`,
    hint,
  )
}

/** What the library's words leave unsaid, and what to do. */
const SYNTAX: Partial<Record<string, readonly [message: string | undefined, hint: string]>> = {
  BLOCK_AS_IMPLICIT_KEY: [
    '": " starts a second key in this line',
    'Put text that contains ": " in quotes.',
  ],
  TAB_AS_INDENT: [undefined, 'Indent with spaces.'],
  BAD_INDENT: [undefined, 'Start all keys of a mapping in the same column.'],
  MULTILINE_IMPLICIT_KEY: [
    'this line is neither a key nor part of a text',
    'Add the missing ":" after a key, or put the text in quotes.',
  ],
  NON_STRING_KEY: [undefined, 'Use plain words as keys.'],
}

/** Astro takes "document" for a browser's. */
function asClause(sentence: string): string {
  const clause = sentence.charAt(0).toLowerCase() + sentence.slice(1)
  return clause.replaceAll('document', 'text')
}
