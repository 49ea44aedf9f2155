import { readFile } from 'node:fs/promises'
import path from 'node:path'
import glob from 'fast-glob'

const ROOT = path.resolve(import.meta.dirname, '../..')

/** A fenced block of code. */
export interface CodeBlock {
  /** `docs/guide/picture.md:5`, where its text begins. */
  readonly place: string
  readonly language: string
  readonly text: string
}

/** The pages of the documentation, the README first, by their path in the repository. */
export async function readPages(): Promise<ReadonlyMap<string, string>> {
  const pages = await glob(['docs/**/*.md', 'skills/**/*.md'], { cwd: ROOT })
  const all = ['README.md', 'CONTRIBUTING.md', ...pages.sort()]
  const texts = all.map(
    async page => [page, await readFile(path.join(ROOT, page), 'utf8')] as const,
  )
  return new Map(await Promise.all(texts))
}

/** Every fenced block of the documentation, without the indentation of a list. */
export async function readBlocks(): Promise<readonly CodeBlock[]> {
  return [...(await readPages())].flatMap(([page, text]) =>
    [...text.matchAll(/^( *)```(\w+)\n([\s\S]*?)^ *```$/gm)].map(
      ({ 1: indent = '', 2: language = '', 3: code = '', index }) => ({
        place: `${page}:${text.slice(0, index).split('\n').length + 1}`,
        language,
        text: code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
      }),
    ),
  )
}
