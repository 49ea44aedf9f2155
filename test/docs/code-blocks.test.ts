import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { readFlags } from '../../build/docs/command-pages.ts'
import { parseManifest } from '../../src/manifest/parse-manifest.ts'
import { readBlocks, readPages } from './read-blocks.ts'

const blocks = await readBlocks()
const blocksOf = (...languages: string[]) =>
  blocks
    .filter(({ language }) => languages.includes(language))
    .map(({ place, text }) => [place, text] as const)

/** The fields of a manifest's root by which it is known from a workflow. */
const MANIFEST = /^(?:images|prompt|source|defaults|extends):/m

const isManifest = (text: string) => MANIFEST.test(text) && !/^ +script:/m.test(text)
const manifests = blocksOf('yaml').filter(([, text]) => isManifest(text))
const otherYaml = blocksOf('yaml').filter(([, text]) => !isManifest(text))

/** Takes whatever a manifest may ask for. */
const ANY = { label: 'any', masks: true, files: true, sizes: 'any' } as const

test('there is something of each kind', () => {
  for (const language of ['yaml', 'ts', 'tsx', 'json', 'sh']) {
    expect(blocksOf(language).length, language).toBeGreaterThan(0)
  }
  expect(manifests.length).toBeGreaterThan(5)
})

test.each(manifests)('the manifest at %s is one', (_, text) => {
  const file = { file: '/project/src/site.image.yaml', text }
  const base = {
    file: '/project/node_modules/@acme/brand/style.image.yaml',
    text: 'defaults: {}\n',
  }
  const options = { root: '/project', provider: ANY, providers: { photos: ANY, charts: ANY } }
  const { images } = parseManifest(file, options, text.includes('extends:') ? [base] : [])
  expect(images.length).toBeGreaterThan(0)
})

test.each(otherYaml)('the YAML at %s can be read', (_, text) => {
  expect(parse(text)).toBeTypeOf('object')
})

test.each(blocksOf('json'))('the JSON at %s can be read', (_, text) => {
  expect(JSON.parse(text)).toBeTypeOf('object')
})

describe('commands', async () => {
  const flags = readFlags()
  const pages = [...(await readPages())].filter(
    ([page]) => page !== 'docs/reference/command-line.md',
  )
  const calls = pages.flatMap(([page, text]) =>
    [...text.matchAll(/\bimagegen ([a-z]+)\b([^\n`|;&]*)(?=[\n`|;&])/g)].flatMap(
      ({ 1: command = '', 2: args = '', index }) => {
        // Prose speaks of the tool, too.
        const isCode = /[`$]|^\s*(?:-? ?(?:run: )?(?:npx |exec npx )?)$/.test(
          lineStart(text, index),
        )
        return isCode ? [[`${page}: imagegen ${command}${args}`, command, args] as const] : []
      },
    ),
  )

  test('the documentation calls them', () => {
    expect(calls.length).toBeGreaterThan(20)
  })

  test.each(calls)('%s is one that there is', (_, command, args) => {
    expect([...flags.keys(), 'help']).toContain(command)
    const own = args.replace(/ #.*$/, '').match(/(?<=\s)--[a-z][\w-]*/g) ?? []
    expect(own.filter(flag => !flags.get(command)?.includes(flag))).toEqual([])
  })
})

/** What stands before a place on its line, from the last code mark on. */
function lineStart(text: string, index: number): string {
  const line = text.slice(text.lastIndexOf('\n', index) + 1, index)
  const marks = line.split('`')
  return marks.length % 2 === 0 ? '`' : line
}
