import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { rollup } from 'rollup'
import { expect, onTestFinished, test, vi } from 'vitest'
import imagegen from '../../src/rollup.ts'
import { startApi } from '../support/project.ts'
import { assertImage, importBuilt } from './assert-image.ts'
import { writeSite } from './sample-site.ts'

test('buys an image once, and builds it again from what was kept', async () => {
  const api = await startApi({ apiKey: 'sk-very-secret', scale: 1 / 16 })
  vi.stubEnv('LLMEASY_API_KEY', 'sk-very-secret')
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const root = await writeSite({
    'site.image.yaml': `images:
  hero:
    prompt: A lighthouse on a cliff
    size: 1024x1024
    output: { formats: [webp, png], widths: [32, 64], placeholder: color }
  hero-night:
    prompt: The same scene at night
    size: 1024x1024
    references: [{ image: hero }]
`,
    'main.js': `export { hero, heroNight } from './site.image.yaml'`,
  })
  const dist = path.join(root, 'dist')
  for (const _run of ['cold', 'warm']) {
    const warnings: string[] = []
    const bundle = await rollup({
      input: path.join(root, 'main.js'),
      plugins: [imagegen({ root, provider: { baseURL: api.url } })],
      onwarn: ({ message }) => warnings.push(message),
    })
    await bundle.write({ dir: dist, format: 'es' })
    await bundle.close()
    const { hero, heroNight } = await importBuilt(path.join(dist, 'main.js'))
    await assertImage(hero, dist)
    await assertImage(heroNight, dist)
    // The API draws smaller than asked here, which is said through the bundler.
    expect(warnings.join('\n')).toContain('site.image.yaml#hero')
    expect(api.count).toBe(2)
  }
  for (const file of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!file.isFile()) continue
    const content = await readFile(path.join(file.parentPath, file.name), 'latin1')
    expect(content, file.name).not.toContain('sk-very-secret')
  }
  const bundled = await readFile(path.join(dist, 'main.js'), 'utf8')
  expect(bundled).not.toMatch(/lighthouse on|at night|\.imagegen/)
})

test('a build that asked again after an attempt was lost says that both may have been billed', async () => {
  const api = await startApi({ scale: 1 / 16 })
  vi.stubEnv('LLMEASY_API_KEY', 'test-key')
  onTestFinished(() => {
    vi.unstubAllEnvs()
  })
  const root = await writeSite({
    'hero.image.yaml': 'prompt: A lighthouse on a cliff\n',
    'main.js': `export { default as hero } from './hero.image.yaml'`,
  })
  const provider = { baseURL: api.url, retry: { delays: [10] } }
  const warningsOfBuild = async () => {
    const warnings: string[] = []
    const bundle = await rollup({
      input: path.join(root, 'main.js'),
      plugins: [imagegen({ root, provider, onSizeMismatch: 'ignore' })],
      onwarn: ({ message }) => warnings.push(message),
    })
    await bundle.close()
    return warnings.join('\n')
  }
  api.failNext({ drop: true })
  const said = '1 attempt may have been billed in addition to those that returned a picture.'
  expect(await warningsOfBuild()).toContain(said)
  expect(api.billed).toBe(2)
  expect(await warningsOfBuild()).not.toContain('billed')
})
