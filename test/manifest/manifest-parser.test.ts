import { expect, test } from 'vitest'
import { createManifestParser } from '../../src/manifest/manifest-parser.ts'
import { SAMPLE_PROVIDER } from './sample-provider.ts'

const parser = () =>
  createManifestParser({
    root: '/site',
    provider: { ...SAMPLE_PROVIDER, sizes: 'any' },
    output: {},
  })
const own = { file: '/site/a.image.yaml', text: 'extends: ./base.yaml\nprompt: A lighthouse\n' }
const base = { file: '/site/base.yaml', text: 'defaults: { style: Flat }\n' }

test('an unchanged manifest is parsed once', async () => {
  const parse = parser()
  expect(await parse({ ...own }, [{ ...base }])).toBe(await parse(own, [base]))
})

test('an edit of a manifest is seen', async () => {
  const parse = parser()
  await parse(own, [base])
  const edited = await parse({ ...own, text: own.text.replace('lighthouse', 'harbour') }, [base])
  expect(edited.images[0]?.prompt).toBe('A harbour\n\nFlat')
})

test('an edit of what it extends is seen', async () => {
  const parse = parser()
  await parse(own, [base])
  const edited = await parse(own, [{ ...base, text: 'defaults: { style: Oil }\n' }])
  expect(edited.images[0]?.prompt).toBe('A lighthouse\n\nOil')
})

test('faults are told each time', async () => {
  const parse = parser()
  const faulty = { ...own, text: 'promt: A lighthouse\n' }
  await expect(parse(faulty, [])).rejects.toThrow('promt')
  await expect(parse(faulty, [])).rejects.toThrow('promt')
})
