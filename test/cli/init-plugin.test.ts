import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { addPlugin } from '../../src/cli/init/add-plugin.ts'
import { detectHost } from '../../src/cli/init/detect-host.ts'
import { runMain } from '../support/run-main.ts'
import { createSampleProject } from './sample-project.ts'

const NEXT = { entry: 'unplugin-imagegen/next', list: 'plugins', wrapper: 'withImagegen' }
const VITE = { entry: 'unplugin-imagegen/vite', list: 'plugins' }

describe('the plugin in a configuration', () => {
  it.each([
    {
      name: 'a list over several lines, with semicolons and double quotes',
      before: `import { sveltekit } from "@sveltejs/kit/vite";
import { defineConfig } from "vite";

export default defineConfig({
\tplugins: [
\t\t// Kit's "own" [ plugins
\t\tsveltekit()
\t]
});
`,
      after: `import imagegen from "unplugin-imagegen/vite";
import { sveltekit } from "@sveltejs/kit/vite";
import { defineConfig } from "vite";

export default defineConfig({
\tplugins: [
\t\timagegen(),
\t\t// Kit's "own" [ plugins
\t\tsveltekit()
\t]
});
`,
    },
    {
      name: 'a list in one line',
      before: `// @ts-check\nimport vue from '@vitejs/plugin-vue'\nexport default { plugins: [vue()] }\n`,
      after: `// @ts-check\nimport imagegen from 'unplugin-imagegen/vite'\nimport vue from '@vitejs/plugin-vue'\nexport default { plugins: [imagegen(), vue()] }\n`,
    },
    {
      name: 'an empty list',
      before: 'export default { plugins: [] }\n',
      after: `import imagegen from 'unplugin-imagegen/vite'\n\nexport default { plugins: [imagegen()] }\n`,
    },
    {
      name: 'no list',
      before: `import { defineConfig } from 'vite'\n\nexport default defineConfig({\n  base: '/a/',\n})\n`,
      after: `import imagegen from 'unplugin-imagegen/vite'\nimport { defineConfig } from 'vite'\n\nexport default defineConfig({\n  plugins: [imagegen()],\n  base: '/a/',\n})\n`,
    },
    {
      name: 'nothing at all',
      before: 'export default {}\n',
      after: `import imagegen from 'unplugin-imagegen/vite'\n\nexport default { plugins: [imagegen()] }\n`,
    },
  ])('is added to $name', ({ before, after }) => {
    expect(addPlugin(before, VITE)).toBe(after)
  })

  it.each([
    {
      name: 'a name, as create-next-app writes it',
      before: `import type { NextConfig } from "next";

const nextConfig: NextConfig = {
  /* config options here */
};

export default nextConfig;
`,
      after: `import { withImagegen } from "unplugin-imagegen/next";
import type { NextConfig } from "next";

const nextConfig: NextConfig = {
  /* config options here */
};

export default withImagegen(nextConfig);
`,
    },
    {
      name: 'an object',
      before: `export default {\n  output: 'export', // static\n}\n`,
      after: `import { withImagegen } from 'unplugin-imagegen/next'\n\nexport default withImagegen({\n  output: 'export', // static\n})\n`,
    },
  ])('wraps $name', ({ before, after }) => {
    expect(addPlugin(before, NEXT)).toBe(after)
  })

  it('wraps nothing where the end of the configuration is in doubt', () => {
    expect(
      addPlugin('export default config\nconfig.reactStrictMode = true\n', NEXT),
    ).toBeUndefined()
    expect(addPlugin('const config = {}\nmodule.exports = config\n', NEXT)).toBeUndefined()
  })

  it('is added by its name where the list takes names', () => {
    const nuxt = { entry: 'unplugin-imagegen/nuxt', list: 'modules', isByName: true } as const
    expect(addPlugin("export default defineNuxtConfig({ modules: ['@nuxt/a11y'] })\n", nuxt)).toBe(
      "export default defineNuxtConfig({ modules: ['unplugin-imagegen/nuxt', '@nuxt/a11y'] })\n",
    )
    expect(addPlugin('export default defineNuxtConfig({\n  ssr: true,\n})\n', nuxt)).toBe(
      "export default defineNuxtConfig({\n  modules: ['unplugin-imagegen/nuxt'],\n  ssr: true,\n})\n",
    )
  })

  const VITEPRESS = { entry: 'unplugin-imagegen/vitepress', list: '', wrapper: 'withImagegen' }

  it.each([
    [
      'a call',
      `import { defineConfig } from "vitepress";\n\n// of (the docs\nexport default defineConfig({\n  title: "a)",\n});\n`,
      `import { withImagegen } from "unplugin-imagegen/vitepress";\nimport { defineConfig } from "vitepress";\n\n// of (the docs\nexport default withImagegen(defineConfig({\n  title: "a)",\n}));\n`,
    ],
    [
      'an object',
      'export default { title: 1 }\n',
      "import { withImagegen } from 'unplugin-imagegen/vitepress'\n\nexport default withImagegen({ title: 1 })\n",
    ],
    [
      'a name',
      'const config = {}\nexport default config\n',
      "import { withImagegen } from 'unplugin-imagegen/vitepress'\n\nconst config = {}\nexport default withImagegen(config)\n",
    ],
  ])('goes around %s', (_, before, after) => {
    expect(addPlugin(before, VITEPRESS)).toBe(after)
  })

  it.each([
    ['a call of a call', 'export default withMermaid(config)(2)'],
    ['a function', 'export default async () => ({})'],
    ['a type', 'export default {} satisfies UserConfig'],
    ['something after it', 'export default config\nconfig.title = 1'],
    ['no export', 'const config = {}'],
  ])('does not go around %s', (_, text) => {
    expect(addPlugin(text, VITEPRESS)).toBeUndefined()
  })

  it.each([
    ['two lists', 'export default { plugins: [], test: { plugins: [] } }'],
    ['a list that is made elsewhere', 'const plugins = []\nexport default { plugins }'],
    ['a function', 'export default defineConfig(({ mode }) => ({ base: mode }))'],
    ['CommonJS', 'module.exports = { plugins: [] }'],
    ['brackets that do not match', 'export default { plugins: [/[\'"]/] }'],
    ['an empty file', ''],
  ])('is left to people in %s', (_, text) => {
    expect(addPlugin(text, VITE)).toBeUndefined()
  })
})

describe('the framework of a project', () => {
  it.each([
    ['SvelteKit', ['vite.config.ts'], ['@sveltejs/kit', 'vite'], 'unplugin-imagegen/vite'],
    ['Astro', ['astro.config.mjs'], ['astro'], 'unplugin-imagegen/astro'],
    ['Nuxt', ['nuxt.config.ts'], ['nuxt', 'vite'], 'unplugin-imagegen/nuxt'],
    ['React Router', ['vite.config.ts'], ['@react-router/dev', 'vite'], 'unplugin-imagegen/vite'],
    ['VitePress', ['docs/.vitepress/config.ts'], ['vitepress'], 'unplugin-imagegen/vitepress'],
    [undefined, ['vite.config.ts', 'rollup.config.js'], ['rollup'], 'unplugin-imagegen/vite'],
    [undefined, ['webpack.config.js'], [], 'unplugin-imagegen/webpack'],
  ])('%s', (framework, files, dependencies, entry) => {
    const host = detectHost(files, dependencies)
    expect(host?.framework).toBe(framework)
    expect(host?.place.entry).toBe(entry)
  })
})

describe('imagegen init', () => {
  it('adds the plugin and writes types, so that the first import is typed', async () => {
    const cwd = await createSampleProject({
      'package.json': '{ "devDependencies": { "astro": "7", "unplugin-imagegen": "1" } }',
      'astro.config.mjs': 'export default {}\n',
      'tsconfig.json': '{}',
    })
    const { stdout } = await runMain(['init', '--yes', '--json'], cwd)
    expect(JSON.parse(stdout)).toMatchObject({ framework: 'Astro', bundler: 'vite', applied: true })
    const config = await readFile(path.join(cwd, 'astro.config.mjs'), 'utf8')
    expect(config).toContain('integrations: [imagegen()]')
    const types = path.join(cwd, '.imagegen/types/src/site.image.d.yaml.ts')
    expect(await readFile(types, 'utf8')).toContain('hero')
    const again = JSON.parse((await runMain(['init', '--yes', '--json'], cwd)).stdout)
    expect(again).toMatchObject({ changes: [], hints: [] })
  })

  it('says how to wrap a configuration of Next.js that it does not change', async () => {
    const cwd = await createSampleProject({
      'package.json': '{ "dependencies": { "next": "16.4.6", "vite": "8" } }',
      'next.config.js': 'module.exports = {}\n',
    })
    const { stdout } = await runMain(['init', '--yes', '--json'], cwd)
    const result = JSON.parse(stdout)
    expect(result).toMatchObject({ framework: 'Next.js', bundler: 'webpack' })
    expect(result.hints).toContain(
      "Add the plugin to next.config.js:\n  const { withImagegen } = require('unplugin-imagegen/next')\n  module.exports = withImagegen(…)",
    )
  })
})

describe('a project of Vite without a configuration', () => {
  it.each([
    ['vite.config.ts', { 'tsconfig.json': '{}' }],
    ['vite.config.mjs', {}],
  ])('gets %s', async (name, files) => {
    const packageJson = '{ "devDependencies": { "vite": "8", "unplugin-imagegen": "1" } }'
    const cwd = await createSampleProject({ 'package.json': packageJson, ...files })
    const { stdout } = await runMain(['init', '--yes'], cwd)
    expect(stdout).not.toContain('Add the plugin')
    expect(await readFile(path.join(cwd, name), 'utf8')).toBe(
      `import imagegen from 'unplugin-imagegen/vite'
import { defineConfig } from 'vite'

export default defineConfig({ plugins: [imagegen()] })
`,
    )
    expect((await runMain(['init', '--yes'], cwd)).stdout).toContain('set up already')
  })
})

describe('a project of webpack', () => {
  const packageJson =
    '{ "type": "commonjs", "devDependencies": { "webpack": "5", "unplugin-imagegen": "1" } }'

  it('gets a configuration that is a module in every package', async () => {
    const cwd = await createSampleProject({ 'package.json': packageJson })
    const { stdout } = await runMain(['init', '--yes'], cwd)
    expect(stdout).not.toContain('Add the plugin')
    const file = path.join(cwd, 'webpack.config.mjs')
    expect(await readFile(file, 'utf8')).toBe(
      `import imagegen from 'unplugin-imagegen/webpack'\n\nexport default { plugins: [imagegen()] }\n`,
    )
    expect((await runMain(['init', '--yes'], cwd)).stdout).toContain('set up already')
  })

  it('is told how a configuration in CommonJS takes the plugin', async () => {
    const config = 'module.exports = { plugins: [] }\n'
    const cwd = await createSampleProject({
      'package.json': packageJson,
      'webpack.config.js': config,
    })
    const { stdout } = await runMain(['init', '--yes'], cwd)
    expect(stdout).toContain(
      "Add the plugin to webpack.config.js:\n  const imagegen = require('unplugin-imagegen/webpack').default\n  … plugins: [imagegen()]",
    )
    expect(await readFile(path.join(cwd, 'webpack.config.js'), 'utf8')).toBe(config)
  })
})
