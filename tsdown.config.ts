import { writeFile } from 'node:fs/promises'
import { defineConfig } from 'tsdown'
import { renderJsonSchema } from './build/schema.ts'

export default defineConfig({
  entry: ['src/{index,api,bin}.ts', 'src/{vite,rollup,rolldown,webpack,rspack,esbuild,farm}.ts'],
  platform: 'node',
  target: 'node20.19',
  fixedExtension: true,
  dts: true,
  hooks: {
    'build:done': () => writeFile('schema.json', renderJsonSchema()),
  },
})
