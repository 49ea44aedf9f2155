import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { DefaultTheme } from 'vitepress'

const DOCS = path.resolve(import.meta.dirname, '..')

interface Group {
  readonly text: string
  /** Folder of its pages; empty for those beside the home page. */
  readonly folder: string
  /** The pages that come first, in this order; the others follow by name. */
  readonly first: readonly string[]
}

const GROUPS: readonly Group[] = [
  {
    text: 'Guide',
    folder: 'guide',
    first: ['getting-started', 'importing', 'picture', 'by-url', 'references', 'development'],
  },
  {
    text: 'Frameworks',
    folder: 'frameworks',
    first: ['vite', 'webpack', 'rollup', 'esbuild', 'astro', 'nuxt', 'nextjs'],
  },
  { text: 'Recipes', folder: 'recipes', first: ['css', 'art-direction', 'ci-github', 'ci-gitlab'] },
  {
    text: 'Reference',
    folder: 'reference',
    first: ['manifest', 'options', 'command-line', 'api', 'providers', 'cost', 'cache'],
  },
  { text: 'More', folder: '', first: ['faq'] },
]

/** Every page of the documentation, in groups. A new file is in it by itself. */
export const sidebar = GROUPS.map(({ text, folder, first }) => ({
  text,
  items: pagesOf(folder, first),
})) satisfies DefaultTheme.SidebarItem[]

/** The first page of each group that has a folder. */
export const navigation: DefaultTheme.NavItem[] = sidebar.flatMap(({ text, items: [first] }) => {
  const folder = /^\/[^/]+\//.exec(first?.link ?? '')?.[0]
  return first && folder ? [{ text, link: first.link, activeMatch: `^${folder}` }] : []
})

interface PageLink {
  readonly text: string
  readonly link: string
}

function pagesOf(folder: string, first: readonly string[]): PageLink[] {
  const names = readdirSync(path.join(DOCS, folder))
    .filter(file => file.endsWith('.md') && file !== 'index.md')
    .map(file => path.basename(file, '.md'))
  const rank = (name: string) => (first.includes(name) ? first.indexOf(name) : first.length)
  return names
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
    .map(name => ({
      text: titleOf(path.join(DOCS, folder, `${name}.md`)),
      link: path.posix.join('/', folder, name),
    }))
}

function titleOf(file: string): string {
  return /^# (.+)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? path.basename(file, '.md')
}
