import { execFile } from 'node:child_process'
import { symlink } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { rolldown } from 'rolldown'
import { expect, test } from 'vitest'
import { writeSite } from './sample-site.ts'

/** Prints every module that is loaded from here on. */
const WATCH_LOADING = `import { register } from 'node:module'
const hooks = \`import { writeSync } from 'node:fs'
export function load(url, context, next) { writeSync(1, url + '\\\\n'); return next(url, context) }\`
register('data:text/javascript,' + encodeURIComponent(hooks))
`

test.each([
  ['vite', false],
  ['rollup', false],
  ['webpack', true],
])('a configuration that names %s loads nothing heavy', async (host, needsUnplugin) => {
  const root = await writeSite({
    'watch-loading.mjs': WATCH_LOADING,
    'load.mjs': `const { default: plugin } = await import('./built/${host}.mjs'); plugin()`,
  })
  await symlink(path.resolve('node_modules'), path.join(root, 'node_modules'))
  const bundle = await rolldown({
    input: { [host]: path.resolve(`src/${host}.ts`) },
    external: /^(?!\.|\/|[A-Z]:)/,
    platform: 'node',
  })
  await bundle.write({ dir: path.join(root, 'built'), entryFileNames: '[name].mjs' })
  await bundle.close()
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', './watch-loading.mjs', 'load.mjs'],
    { cwd: root },
  )
  expect(stdout.includes('node_modules/unplugin/')).toBe(needsUnplugin)
  expect(stdout).not.toMatch(/node_modules\/(?:sharp|undici|yaml|valibot|jiti|fast-glob)\//)
  expect(stdout).not.toMatch(/open-pipeline|vite-dev|webpack-dev/)
})
