import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: ['src/{index,api,bin}.ts', 'src/{vite,rollup,rolldown,webpack,rspack,esbuild,farm}.ts'],
  platform: 'node',
  target: 'node20.19',
  fixedExtension: true,
  dts: true,
})
