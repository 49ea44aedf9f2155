import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { editTsconfig } from '../../src/cli/init/edit-tsconfig.ts'

const DIR = './.imagegen/types'

/** What TypeScript itself makes of the text. */
function parse(text: string) {
  const { config, error } = ts.parseConfigFileTextToJson('tsconfig.json', text)
  expect(error).toBeUndefined()
  return config
}

describe('editTsconfig', () => {
  it.each([
    '{ "compilerOptions": {} }',
    '{ "compilerOptions": { "strict": true } }',
    '{\n  "compilerOptions": {\n    "strict": true,\n  },\n}\n',
    '{\r\n\t"compilerOptions": {\r\n\t\t"strict": true\r\n\t}\r\n}\r\n',
    '{\n  // "compilerOptions": {\n  "include": ["{", "src"],\n  "compilerOptions": { /* { */\n    "strict": true // }\n  }\n}',
    '{ "extends": "x", "compilerOptions": { "paths": { "rootDirs": ["a"] }, "strict": true } }',
  ])('adds what is missing to %j, once', text => {
    const edit = editTsconfig(text, DIR)
    if (edit.kind !== 'edited') throw new Error(edit.advice)
    const before = parse(text)
    expect(parse(edit.text)).toEqual({
      ...before,
      compilerOptions: {
        ...before.compilerOptions,
        allowArbitraryExtensions: true,
        rootDirs: ['.', DIR],
      },
    })
    expect(editTsconfig(edit.text, DIR)).toEqual({ kind: 'edited', text: edit.text, added: [] })
  })

  it('keeps comments and everything else as it was', () => {
    const text = '{\n  "compilerOptions": {\n    // keep\n    "strict": true,\n  },\n}\n'
    expect(editTsconfig(text, DIR)).toMatchObject({
      text: `{\n  "compilerOptions": {\n    // keep\n    "strict": true,\n    "allowArbitraryExtensions": true,\n    "rootDirs": [\n      ".",\n      "${DIR}"\n    ],\n  },\n}\n`,
    })
  })

  it('appends to the roots that are there', () => {
    const edit = editTsconfig('{ "compilerOptions": { "rootDirs": ["src", "gen"] } }', DIR)
    if (edit.kind !== 'edited') throw new Error(edit.advice)
    expect(parse(edit.text).compilerOptions.rootDirs).toEqual(['src', 'gen', DIR])
  })

  it('leaves rootDirs alone when types lie beside their manifests', () => {
    expect(editTsconfig('{ "extends": "./base.json" }')).toMatchObject({
      added: ['allowArbitraryExtensions'],
    })
  })

  it('leaves to people what they have decided otherwise', () => {
    const text = '{ "compilerOptions": { "allowArbitraryExtensions": false } }'
    expect(editTsconfig(text, DIR).kind).toBe('by-hand')
  })
})
