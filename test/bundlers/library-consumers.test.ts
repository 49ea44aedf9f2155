import { cp, mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { buildWithVite, VITES } from './bundlers.ts'
import { SITE, writeSite } from './sample-site.ts'
import { createTestPipeline } from './test-pipeline.ts'

/** A library that was built with its pictures. */
async function buildLibrary(): Promise<string> {
  const library = await writeSite({
    'package.json': '{"name":"@acme/design","type":"module","exports":"./dist/main.js"}',
    'site.image.yaml': SITE,
    'main.js': `export { hero } from './site.image.yaml'`,
  })
  const { open } = createTestPipeline()
  const lib = { entry: 'main.js', formats: ['es' as const], fileName: 'main' }
  await buildWithVite(() => import('vite'), { root: library, open }, { build: { lib } })
  return library
}

async function writeConsumer(): Promise<string> {
  const root = await writeSite({
    'package.json': '{"name":"site","type":"module","dependencies":{"@acme/design":"1.0.0"}}',
    'index.html': '<script type="module" src="/main.js"></script>',
  })
  await writeFile(path.join(root, 'main.js'), `import '@acme/design'`)
  const installed = path.join(root, 'node_modules/@acme/design')
  await mkdir(path.dirname(installed), { recursive: true })
  await cp(await buildLibrary(), installed, { recursive: true })
  return root
}

// Pre-bundling before Vite 8 moves a module away from the files beside it.
test.each([
  ['vite8', []],
  ['vite8', ['@acme/design']],
  ['vite7', ['@acme/design']],
  ['vite6', ['@acme/design']],
  ['vite5', ['@acme/design']],
] as const)(
  "%s shows an installed library's pictures in development, excluded: %j",
  async (name, exclude) => {
    const { createServer } = (await VITES[name]?.()) ?? (await import('vite'))
    const root = await writeConsumer()
    const server = await createServer({
      root,
      configFile: false,
      logLevel: 'silent',
      server: { port: 0, host: '127.0.0.1' },
      optimizeDeps: { exclude: [...exclude] },
    })
    onTestFinished(() => server.close())
    await server.listen()
    const address = server.httpServer?.address()
    const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    const page = await (await fetch(`${origin}/main.js`)).text()
    const [, specifier = ''] = /import "([^"]+)"/.exec(page) ?? []
    const module = await (await fetch(origin + specifier)).text()
    const [, picture = ''] = /new URL\("([^"]+)"/.exec(module) ?? []
    const response = await fetch(new URL(picture, origin + specifier))
    expect(response.headers.get('content-type'), module).toBe('image/png')
  },
)
