import { expect, test } from 'vitest'
import { faultsOf, parse } from './parse.ts'

const outputOf = (output: string, defaults = '{}') =>
  parse(`defaults: { output: ${defaults} }\nimages: { a: { prompt: x, output: ${output} } }`)
    .images[0]?.output

test.each([
  ['center', [50, 50]],
  ['top', [50, 0]],
  ['left', [0, 50]],
  ['bottom right', [100, 100]],
  ['right bottom', [100, 100]],
  ['30% 60.5%', [30, 60.5]],
  ['attention', 'attention'],
  ['entropy', 'entropy'],
])('position %s', (written, position) => {
  expect(outputOf(`{ position: "${written}" }`)).toEqual({ position })
})

test('colours are long and small', () => {
  expect(outputOf('{ background: "#FA0" }')).toEqual({ background: '#ffaa00' })
})

test('the nearest width takes the place of widths, and the other way round', () => {
  expect(outputOf('{ width: 96 }', '{ widths: [640], densities: [1, 2] }')).toEqual({
    width: 96,
    densities: [1, 2],
  })
  expect(outputOf('{ widths: [640] }', '{ width: 96, densities: [2] }')).toEqual({ widths: [640] })
})

const ONE = 'prompt: x\noutput: '

test.each([
  ['a point outside', '{ position: "120% 0%" }', '2:21', 'a point inside the picture'],
  ['a position that is none', '{ position: middle }', '2:21', 'must be center'],
  ['densities without width', '{ densities: [1, 2] }', '2:11', '`output.densities` needs `width`'],
  ['width and widths', '{ width: 96, widths: [96] }', '2:11', 'exclude each other'],
  ['a density of 0', '{ width: 96, densities: [0] }', '2:34', 'from 1 to 4'],
  ['a colour that is none', '{ background: red }', '2:23', 'a colour like "#f59e0b"'],
  ['a quality of 101', '{ quality: 101 }', '2:20', 'from 1 to 100'],
  ['a quality of an unknown format', '{ quality: { jpg: 3 } }', '2:22', 'Did you mean `jpeg`?'],
  ['a quality in words', '{ quality: high }', '2:20', '`{ avif: 50, jpeg: 80 }`'],
  ['an effort of 10', '{ effort: 10 }', '2:19', 'from 1 to 9'],
])('%s is a fault', (_, output, at, words) => {
  const faults = faultsOf(ONE + output)
  expect(faults).toHaveLength(1)
  expect(faults[0]).toContain(words)
  expect(faults[0]?.split(' ')[0]).toBe(at)
})

test('densities of a variant need a width as well', () => {
  const faults = faultsOf(`${ONE}{}\nvariants: { a: { media: print, output: { densities: [2] } } }`)
  expect(faults).toEqual([
    '3:53 `output.densities` needs `width`. Write `width` beside it: the width of the picture on the page, in pixels.',
  ])
})
