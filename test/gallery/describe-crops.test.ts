import { expect, test } from 'vitest'
import { describeCrops } from '../../src/gallery/data/description/describe-crops.ts'
import { parse } from '../manifest/parse.ts'

const picture = { width: 2000, height: 1000 }

function cropsOf(output: string) {
  const { images } = parse(`prompt: x\noutput: ${output}\n`)
  const [image] = images
  return image && describeCrops(image, picture)
}

test('a crop is the part of the picture that its files show', () => {
  expect(cropsOf('{ aspect: "1:1", widths: [500, 800] }')).toEqual([
    { left: 0.25, top: 0, width: 0.5, height: 1, sizes: ['500x500', '800x800'] },
  ])
  expect(cropsOf('{ aspect: "4:1", position: "30% 20%" }')).toEqual([
    { left: 0, top: 0.1, width: 1, height: 0.5, sizes: ['2000x500'] },
  ])
})

test.each(['{ widths: [500] }', '{ aspect: "2:1" }', '{ aspect: "1:1", fit: contain }'])(
  'there is none where all of the picture is shown: %s',
  output => {
    expect(cropsOf(output)).toEqual([])
  },
)

test('where a strategy decides, it is not known before the file is made', () => {
  expect(cropsOf('{ aspect: "1:1", position: attention }')).toEqual([])
})

test('variants of the same picture have crops of their own, under their names', () => {
  const { images } = parse(`
images:
  hero:
    prompt: x
    variants:
      phone: { media: "(max-width: 40rem)", output: { aspect: "1:2", position: right } }
      dark: { media: "(prefers-color-scheme: dark)", image: night, output: { aspect: "1:1" } }
  night: { prompt: y }
`)
  expect(images[0] && describeCrops(images[0], picture)).toEqual([
    { variant: 'phone', left: 0.75, top: 0, width: 0.25, height: 1, sizes: ['500x1000'] },
  ])
})
