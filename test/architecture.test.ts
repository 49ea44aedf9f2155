import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const src = path.resolve(import.meta.dirname, '../src')

/** Data flows from left to right, and a room knows only what stands left of it. */
const ROOMS = [
  'text',
  'errors',
  'files',
  'config',
  'project',
  'manifest',
  'plan',
  'provider',
  'originals',
  'budget',
  'renditions',
  'module',
  'pipeline',
]

/** Faces on the pipeline; `dev` also serves the plugin and the command line. */
const FACES = ['dev', 'bundlers', 'cli']

interface Import {
  readonly file: string
  readonly target: string
}

const imports: readonly Import[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter(file => file.endsWith('.ts'))
  .map(file => file.split(path.sep).join('/'))
  .flatMap(file => {
    const text = readFileSync(path.join(src, file), 'utf8')
    const targets = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*'([^']+)'/g)
    return [...targets].map(([, target = '']) => ({ file, target }))
  })

function roomOf(file: string): string {
  const [room = ''] = file.split('/')
  return room
}

function roomOfTarget({ file, target }: Import): string {
  return roomOf(path.posix.normalize(path.posix.join(path.posix.dirname(file), target)))
}

test('a room imports only from rooms before it', () => {
  const order = [...ROOMS, ...FACES]
  const wrong = imports.filter(({ file, target }) => {
    if (!target.startsWith('.') || !order.includes(roomOf(file))) return false
    return order.indexOf(roomOfTarget({ file, target })) > order.indexOf(roomOf(file))
  })
  expect(wrong).toEqual([])
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

test('only faces know unplugin and Vite', () => {
  const users = imports.filter(({ target }) => /^(?:unplugin|vite|rollup|esbuild)$/.test(target))
  const rooms = new Set(users.map(({ file }) => roomOf(file)))
  expect(ROOMS.filter(room => rooms.has(room))).toEqual([])
})

test('one file reads the environment', () => {
  const readers = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter(
    file =>
      file.endsWith('.ts') && /\bprocess\.env\b/.test(readFileSync(path.join(src, file), 'utf8')),
  )
  expect(readers).toEqual([path.join('config', 'environment.ts')])
})
