import { expect, test } from 'vitest'
import type { Options } from '../../src/config/options.ts'
import type { RecordedOptions, StoredRecord } from '../../src/pipeline/project/build-record.ts'
import { type CommandOptions, findDifference } from '../../src/pipeline/project/find-difference.ts'

const OPTIONS: RecordedOptions = {
  root: '/site',
  include: ['**/*.image.yaml'],
  exclude: [],
  cacheDir: '/site/.imagegen',
  model: 'gpt-image-2',
  use: '',
  providers: {},
  output: {},
}

const record = (
  inline: Partial<RecordedOptions>,
  about: Partial<StoredRecord> = {},
): StoredRecord => ({
  version: 1,
  host: 'vite',
  start: '/site/src',
  run: '1',
  time: '2026-11-26T00:00:00Z',
  project: '/site',
  config: 'none',
  inline: Object.keys(inline),
  options: { ...OPTIONS, ...inline },
  manifests: [],
  file: '/site/.imagegen/local/builds/1.json',
  ...about,
})

const command = (
  resolved: Partial<RecordedOptions> = {},
  given: Options = {},
  config = 'none',
): CommandOptions => ({
  project: '/site',
  config,
  given,
  resolved: { ...OPTIONS, ...resolved },
})

const namesOf = (records: readonly StoredRecord[], asked: CommandOptions) =>
  findDifference(records, asked)?.options

test.each<[Partial<RecordedOptions>, string]>([
  [{ root: '/' }, 'root'],
  [{ include: ['src/**/*.image.yaml'] }, 'include'],
  [{ exclude: ['old/**'] }, 'exclude'],
  [{ cacheDir: '/cache' }, 'cacheDir'],
  [{ model: 'another' }, 'provider.model'],
  [{ use: 'acme' }, 'provider.use'],
  [{ providers: { photos: { use: '', model: 'm' } } }, 'providers'],
  [{ output: { formats: ['webp'] } }, 'output'],
])('an inline option that a command does not come to is named: %o', (inline, name) => {
  expect(namesOf([record(inline)], command())).toEqual([name])
  expect(namesOf([record(inline)], command(inline))).toBeUndefined()
})

test('a plugin without options of its own stops nothing', () => {
  const elsewhere = record({}, { options: { ...OPTIONS, model: 'another' } })
  expect(namesOf([elsewhere], command())).toBeUndefined()
})

test('builds of another project in the same cache stop nothing', () => {
  expect(namesOf([record({ root: '/docs' }, { project: '/docs' })], command())).toBeUndefined()
})

test('options that were moved to the configuration and edited there count as moved', () => {
  const old = record({ include: ['src/**'] })
  const include = ['pages/**']
  expect(namesOf([old], command({ include }, { include }, 'edited'))).toBeUndefined()
  expect(namesOf([old], command({ include }, { include }))).toEqual(['include'])
  expect(namesOf([old], command({ include }, {}, 'edited'))).toEqual(['include'])
})

test('instances that share the manifests among them are taken together', () => {
  const both = [record({ include: ['a/**'] }), record({ include: ['b/**'] })]
  expect(namesOf(both, command({ include: ['a/**'] }))).toEqual(['include'])
  expect(namesOf(both, command({ include: ['b/**', 'a/**'] }))).toBeUndefined()
})

test('what instances differ in stops a command only where it would request something else', () => {
  const both = [record({ output: { widths: [1] } }), record({ output: { widths: [2] } })]
  expect(namesOf(both, command())).toBeUndefined()
  expect(namesOf([record({ model: 'a' }), record({ model: 'b' })], command())).toEqual([
    'provider.model',
  ])
})

test('the last process of a bundler replaces what came before', () => {
  const before = record({ include: ['src/**'] })
  const after = record({}, { run: '2', time: '2026-11-26T01:00:00Z' })
  expect(namesOf([before, after], command())).toBeUndefined()
})
