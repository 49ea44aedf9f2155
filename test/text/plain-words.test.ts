import { readFileSync } from 'node:fs'
import path from 'node:path'
import glob from 'fast-glob'
import ts from 'typescript'
import { expect, test } from 'vitest'

const ROOT = path.resolve(import.meta.dirname, '../..')

type Entry = readonly [word: RegExp, instead: string]

/** Words that neither messages nor pages use, and what they say instead. */
const GLOSSARY: readonly Entry[] = [
  [/\b(?:buy|buys|buying|bought|purchases?d?|paid for)\b/i, 'generate, request, cost'],
  [/\b(?:is|are) at it\b/i, 'generating, working on it'],
  [/\bforeseen\b/i, 'unexpected'],
  [/\bnot as asked\b/i, 'size differs'],
  [/\bhand(?:s|ed)? over\b/i, 'pass, return'],
  [/\b(?:heirs?|foreigners?|tally)\b/i, 'successor, cross-origin, counts'],
]

/** Words of prose that a message has no place for. */
const MESSAGES: readonly Entry[] = [
  ...GLOSSARY,
  [/\bis to be \w+/i, 'an infinitive, such as: Nothing to generate.'],
  [/\b(?:is|was|were) left out\b/i, 'skipped'],
  [/\bgive up\b/i, 'drop, stop'],
  [/\basked for\b/i, 'requested'],
  [/\banew\b/i, 'again'],
  [
    /\b(?:is|are) no (?:valid |usable |regular |plain |complete |raster )?(?:JSON|picture|file|path|entry|cache)\b/,
    'is not valid JSON, is not a picture',
  ],
  [/\b(?:nobody|somebody|whoever)\b/i, 'the subject: another process, nothing'],
  [/\bsays? otherwise\b/i, 'sets another value'],
  [/^What (?:is|was|comes|came|lies|stands)\b/, 'the subject first'],
]

/** Astro takes an error with such a word, or a part of one, for the use of an API of browsers on a server. */
const BROWSER_APIS: readonly Entry[] = [[/document|window/, 'text, page, file']]

/** What runs in pages or in the command line, where no Astro is. */
const BEYOND_ASTRO = [
  'src/gallery/{page,shell}/**',
  'src/dev/client/**',
  'src/picture/**',
  'src/cli/**',
]

/** As 0.1.0 wrote it into files of types, which stay as they are. */
const KEPT = ['Asked for as `']

/** Texts for programs, which nobody reads: modules, patterns and the like. */
function isSentence(text: string): boolean {
  return /[A-Za-z]{2,} [A-Za-z`]/.test(text) && !/^\s*(?:import|export|const|<\w)/.test(text)
}

/** String and template literals, without what is filled into them. Comments are none. */
function literalsOf(file: string): readonly string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateExpression(node)) {
      found.push(
        [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)].join('…'),
      )
    } else if (ts.isStringLiteralLike(node) && !ts.isImportDeclaration(node.parent)) {
      found.push(node.text)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found.filter(text => isSentence(text) && !KEPT.some(kept => text.startsWith(kept)))
}

/** Prose of a page: code is what others wrote, or what a message says. */
function proseOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8').replace(/^(`{3,})[\s\S]*?^\1$/gm, '')
  return text.replace(/`[^`\n]*`/g, '`…`').split('\n')
}

function findWords(
  files: readonly string[],
  read: (file: string) => readonly string[],
  glossary: readonly Entry[],
): readonly string[] {
  return files.flatMap(file =>
    read(path.join(ROOT, file)).flatMap(text =>
      glossary
        .filter(([word]) => word.test(text))
        .map(
          ([word, instead]) =>
            `${file}: “${word.exec(text)?.[0]}” in “${text.slice(0, 120)}”. Say: ${instead}`,
        ),
    ),
  )
}

test('no sentence that a user can see has words of our own', () => {
  const files = glob.sync('src/**/*.{ts,tsx}', { cwd: ROOT })
  expect(findWords(files, literalsOf, MESSAGES)).toEqual([])
})

test('no message makes Astro add a hint on APIs of browsers', () => {
  const files = glob.sync('src/**/*.ts', { cwd: ROOT, ignore: BEYOND_ASTRO })
  expect(findWords(files, literalsOf, BROWSER_APIS)).toEqual([])
})

test('neither does a page of the documentation', () => {
  const files = glob.sync(['README.md', 'docs/**/*.md'], {
    cwd: ROOT,
    ignore: ['**/node_modules/**'],
  })
  expect(findWords(files, proseOf, GLOSSARY)).toEqual([])
})

test('the glossary finds what it is for', () => {
  const said = 'Nothing is to be bought: what was left out was not foreseen.'
  expect(MESSAGES.filter(([word]) => word.test(said))).toHaveLength(4)
})
