import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const src = path.resolve(import.meta.dirname, '../src')

/** Data flows from left to right, and a room knows only what stands left of it. */
const ROOMS = [
  'text',
  'errors',
  'system',
  'schema',
  'config',
  'project',
  'manifest',
  'plan',
  'provider',
  'originals',
  'cost',
  'budget',
  'renditions',
  'module',
  'pipeline',
]

/** Faces on the pipeline; `dev` and `gallery` also serve the plugin and the command line. */
const FACES = ['dev', 'gallery', 'bundlers', 'frameworks', 'export', 'cli', 'conformance']

/** About a dozen: beyond so many files a folder has parts with names. */
const FILES = 14

/** A class a file: whoever looks for one knows its name. */
const WITHOUT_PARTS = ['errors']

const isSource = (file: string): boolean => /\.tsx?$/.test(file)

/** The longest chain of imports inside one folder has so many files, a part counted as one. */
const FLOORS = 6

interface Import {
  readonly file: string
  readonly target: string
}

const sources: readonly string[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter(isSource)
  .map(file => file.split(path.sep).join('/'))

const imports: readonly Import[] = sources.flatMap(file => {
  const text = readFileSync(path.join(src, file), 'utf8')
  const targets = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)
  return [...targets].map(([, target = '']) => ({ file, target }))
})

/** Every folder below `src`, as a path. */
const folders = [...new Set(imports.flatMap(({ file }) => foldersAbove(file)))]

function foldersAbove(file: string): readonly string[] {
  const parts = file.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

function resolveTarget({ file, target }: Import): string {
  return path.posix.normalize(path.posix.join(path.posix.dirname(file), target))
}

/** The file or the part of a folder that a path below it belongs to. */
function partOf(folder: string, file: string): string {
  const [part = ''] = file.slice(folder.length + 1).split('/')
  return part
}

/** What each file and each part of a folder needs of the others in it. */
function needsWithin(folder: string): ReadonlyMap<string, ReadonlySet<string>> {
  const needs = new Map<string, Set<string>>()
  for (const one of imports) {
    const target = resolveTarget(one)
    if (
      !one.target.startsWith('.') ||
      !one.file.startsWith(`${folder}/`) ||
      !target.startsWith(`${folder}/`)
    )
      continue
    const [from, to] = [partOf(folder, one.file), partOf(folder, target)]
    if (from !== to) needs.set(from, (needs.get(from) ?? new Set()).add(to))
  }
  return needs
}

/** A way from a part back to itself. */
function findCircle(
  needs: ReadonlyMap<string, ReadonlySet<string>>,
): readonly string[] | undefined {
  const done = new Set<string>()
  function follow(part: string, way: readonly string[]): readonly string[] | undefined {
    if (way.includes(part)) return [...way.slice(way.indexOf(part)), part]
    if (done.has(part)) return undefined
    for (const next of needs.get(part) ?? []) {
      const circle = follow(next, [...way, part])
      if (circle) return circle
    }
    done.add(part)
    return undefined
  }
  for (const part of needs.keys()) {
    const circle = follow(part, [])
    if (circle) return circle
  }
  return undefined
}

/** The longest chain of files or parts that need one another. There must be no circle. */
function longestChain(needs: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const known = new Map<string, readonly string[]>()
  function chainFrom(part: string): readonly string[] {
    const chain = known.get(part) ?? [part, ...longest([...(needs.get(part) ?? [])].map(chainFrom))]
    known.set(part, chain)
    return chain
  }
  return longest([...needs.keys()].map(chainFrom))
}

function longest(chains: readonly (readonly string[])[]): readonly string[] {
  return chains.reduce((best, chain) => (chain.length > best.length ? chain : best), [])
}

function roomOf(file: string): string {
  const [room = ''] = file.split('/')
  return room
}

function roomOfTarget(one: Import): string {
  return roomOf(resolveTarget(one))
}

test('a room imports only from rooms before it', () => {
  const order = [...ROOMS, ...FACES]
  const wrong = imports.filter(({ file, target }) => {
    if (!target.startsWith('.') || !order.includes(roomOf(file))) return false
    return order.indexOf(roomOfTarget({ file, target })) > order.indexOf(roomOf(file))
  })
  expect(wrong).toEqual([])
})

test('the parts of a folder, and its files, need each other in one direction only', () => {
  const circles = folders.flatMap(folder => {
    const circle = findCircle(needsWithin(folder))
    return circle ? [`${folder}: ${circle.join(' → ')}`] : []
  })
  expect(circles).toEqual([])
})

test('a folder has about a dozen files, or parts', () => {
  const crowded = folders.filter(folder => {
    const own = sources.filter(file => path.posix.dirname(file) === folder)
    return own.length > FILES && !WITHOUT_PARTS.includes(folder)
  })
  expect(crowded).toEqual([])
})

test('the imports inside a folder have about six floors', () => {
  const high = folders.flatMap(folder => {
    const chain = longestChain(needsWithin(folder))
    return chain.length > FLOORS ? [`${folder}: ${chain.join(' → ')}`] : []
  })
  expect(high).toEqual([])
})

test.each([
  ['undici', 'provider'],
  ['sharp', 'renditions'],
  ['thumbhash', 'renditions'],
  ['yaml', 'manifest'],
  ['commander', 'cli'],
  ['log-update', 'cli'],
  ['@aws-sdk/client-s3', 'originals'],
  ['webpack', 'bundlers'],
])('only one room imports %s', (name, room) => {
  const users = imports.filter(({ target }) => target === name || target.startsWith(`${name}/`))
  expect(new Set(users.map(({ file }) => roomOf(file)))).toEqual(
    new Set(users.length > 0 ? [room] : []),
  )
})

test('what pages load knows an asset and its framework, and nothing else', () => {
  const outside = imports.filter(one => {
    if (roomOf(one.file) !== 'picture') return false
    return one.target.startsWith('.') && roomOfTarget(one) !== 'picture'
  })
  expect(new Set(outside.map(resolveTarget))).toEqual(new Set(['module/image-asset.ts']))
  const users = imports.filter(one => one.target.startsWith('.') && roomOfTarget(one) === 'picture')
  expect(new Set(users.map(({ file }) => roomOf(file)))).toEqual(
    // An export writes markup as a page would, and so does Markdown of a framework.
    new Set(['picture', 'export', 'frameworks', 'html.ts', 'react.ts', 'svelte.ts', 'vue.ts']),
  )
  const frameworks = imports.filter(({ target }) => /^(?:react|svelte|vue)(?:\/|$)/.test(target))
  expect(new Set(frameworks.map(({ file }) => path.posix.dirname(file)))).toEqual(
    new Set(['picture/frameworks']),
  )
})

test('only faces know unplugin and Vite', () => {
  const users = imports.filter(({ target }) => /^(?:unplugin|vite|rollup|esbuild)$/.test(target))
  const rooms = new Set(users.map(({ file }) => roomOf(file)))
  expect(ROOMS.filter(room => rooms.has(room))).toEqual([])
})

test('one file reads the environment', () => {
  const readers = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    file => isSource(file) && /\bprocess\.env\b/.test(readFileSync(path.join(src, file), 'utf8')),
  )
  expect(readers).toEqual([path.join('config', 'environment.ts')])
})

test('no two files export the same name', () => {
  const owners = new Map<string, string[]>()
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  for (const file of files.filter(isSource)) {
    for (const name of exportedNames(file)) owners.set(name, [...(owners.get(name) ?? []), file])
  }
  expect([...owners].filter(([, files]) => files.length > 1)).toEqual([])
})

/** What a file declares and exports; what it passes on is another file's. */
function exportedNames(file: string): readonly string[] {
  const text = readFileSync(path.join(src, file), 'utf8')
  const declared = text.matchAll(
    /^export (?:declare )?(?:async )?(?:abstract )?(?:function\*?|class|const|let|interface|type|enum) ([\w$]+)/gm,
  )
  return [...new Set([...declared].map(([, name = '']) => name))]
}
