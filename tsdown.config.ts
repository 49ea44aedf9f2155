import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { defineConfig } from 'tsdown'
import { renderPlanSchema } from './build/plan-schema.ts'
import { renderJsonSchema } from './build/schema.ts'

/** How long a plugin takes is no news to whoever builds this package. */
const checks = { pluginTimings: false }

/** Without comments, which every start would read. Names and lines stay, for stack traces. */
const minify = { compress: false, mangle: false, codegen: { removeWhitespace: false } }

export default defineConfig([
  {
    checks,
    entry: [
      'src/{index,api,ai,testing,bin}.ts',
      'src/{vite,rollup,rolldown,webpack,rspack,esbuild,farm}.ts',
      'src/{astro,nuxt,next,next-loader,vitepress,markdown,jest,jest-worker}.ts',
    ],
    platform: 'node',
    target: 'node20.19',
    fixedExtension: true,
    dts: true,
    // Made to be bundled: of its 200 kB, which every build would load, a twentieth is needed.
    inlineOnly: ['valibot'],
    // Entries import the check of Node's version first, and take nothing from it.
    treeshake: {
      moduleSideEffects: [
        { test: /\/src\/system\/check-node\.ts$/, sideEffects: true },
        { external: false, sideEffects: false },
      ],
    },
    minify,
    outputOptions: {
      // A file costs a fifth of a millisecond to load. Left alone, the bundler makes sixty of what
      // every build needs; three are enough: what all hosts share, the host's own, and what reads
      // the first manifest.
      codeSplitting: {
        groups: [
          // On a Node that is too old, what other files import from Node and packages is missing.
          { name: 'check-node', test: /\/src\/system\/check-node\.ts$/, priority: 5 },
          {
            name: 'plugin',
            test: /\/src\/(?:bundlers\/rollup\/rollup|config\/environment|system\/lazy)\.ts$/,
            priority: 4,
          },
          { name: 'vite', test: /\/src\/bundlers\/vite\/vite\.ts$/, priority: 3 },
          { name: 'pipeline', test: /\/src\/pipeline\/open-pipeline\.ts$/, priority: 2 },
          { name: 'hosts', test: /\/src\/bundlers\/create-plugin\.ts$/, priority: 1 },
        ],
      },
    },
    hooks: {
      'build:done': async () => {
        await copyFile('node_modules/valibot/LICENSE.md', 'dist/valibot.LICENSE.md')
        await writeFile('schema.json', renderJsonSchema())
        await writeFile('plan.schema.json', renderPlanSchema())
      },
    },
  },
  {
    checks,
    // What shows pictures on a page: small, and without anything of the above.
    entry: ['src/{html,react,svelte,vue,astro-image-service}.ts'],
    outDir: 'dist/picture',
    platform: 'neutral',
    target: 'es2020',
    fixedExtension: true,
    dts: true,
    plugins: [
      {
        // Whoever uses it compiles it, with the Svelte of the page.
        name: 'svelte-source',
        resolveId: id =>
          id.endsWith('.svelte') ? { id: './Picture.svelte', external: true } : null,
      },
    ],
    hooks: {
      'build:done': async () => {
        for (const name of ['Picture.svelte', 'Picture.astro']) {
          const source = await readFile(`src/picture/frameworks/${name}`, 'utf8')
          const shipped = source.replaceAll(/'\.\.\/[\w-]+\.ts'/g, "'./html.mjs'")
          await writeFile(`dist/picture/${name}`, shipped)
        }
      },
    },
  },
  {
    checks,
    // What keeps a page's pictures up to date while it is being developed.
    entry: { client: 'src/dev/client/client.ts' },
    outDir: 'dist/dev',
    platform: 'browser',
    target: 'es2023',
    dts: false,
    minify,
    outputOptions: { entryFileNames: '[name].mjs' },
  },
  {
    checks,
    // The gallery's page, as the files that it loads.
    entry: { gallery: 'src/gallery/page/main.tsx' },
    inlineOnly: ['preact', '@preact/signals', '@preact/signals-core'],
    outDir: 'dist/gallery',
    format: 'iife',
    platform: 'browser',
    target: 'es2023',
    dts: false,
    minify: true,
    outputOptions: { entryFileNames: '[name].js' },
    copy: [
      { from: 'src/gallery/page/styles/*.css', to: 'dist/gallery/styles' },
      // Both are under it.
      { from: 'node_modules/preact/LICENSE', to: 'dist/gallery' },
    ],
  },
])
