import { createLogger } from 'vite'
import { expect, test } from 'vitest'
import { createSite, startVite } from './dev-site.ts'

test("Vite's search for dependencies passes manifests by", async () => {
  const site = await createSite({
    'index.html': '<script type="module" src="./main.js"></script>',
    'main.js': `import { hero } from './site.image.yaml'; import 'some-dependency'; document.title = hero.src`,
    'site.image.yaml': 'images: { hero: { prompt: A lighthouse } }',
    'node_modules/some-dependency/package.json': '{ "name": "some-dependency", "main": "main.js" }',
    'node_modules/some-dependency/main.js': 'module.exports = 1',
  })
  const said: string[] = []
  const customLogger = createLogger('info')
  for (const level of ['info', 'warn', 'error'] as const)
    customLogger[level] = text => said.push(text)
  const { server } = await startVite(site, { customLogger })
  const { depsOptimizer } = server.environments.client
  await depsOptimizer?.scanProcessing
  expect(said.filter(text => text.includes('scan'))).toEqual([])
  expect(Object.keys(depsOptimizer?.metadata.discovered ?? {})).toEqual(['some-dependency'])
})
