import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { symlink } from 'node:fs/promises'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { findChromium } from '../support/browser.ts'
import { createProject, startApi } from '../support/project.ts'

const REPOSITORY = path.resolve(import.meta.dirname, '../..')

const executablePath = findChromium()

test.skipIf(!executablePath)(
  'the browser of Vitest shows drafts, and nothing is requested (skipped without Chromium)',
  async () => {
    const api = await startApi()
    const project = await createProject({
      'package.json': '{"name":"tested","type":"module"}',
      'vitest.config.js': `import { playwright } from '@vitest/browser-playwright'
import imagegen from ${JSON.stringify(path.join(REPOSITORY, 'dist/vite.mjs'))}
const launchOptions = { executablePath: ${JSON.stringify(executablePath)}, args: ['--no-sandbox', '--disable-gpu'] }
export default {
  plugins: [imagegen()],
  test: {
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions }),
      instances: [{ browser: 'chromium' }],
    },
  },
}
`,
      'site.image.yaml':
        'images:\n  hero: { prompt: A lighthouse, size: 1536x1024, output: { formats: [webp], widths: [640] } }\n',
      'site.test.js': `import { expect, test } from 'vitest'
import { hero } from './site.image.yaml'
test('hero', async () => {
  const image = new Image()
  image.src = hero.src
  await image.decode()
  expect(hero.src).toBe('/imagegen/site.image.yaml/hero.webp')
  expect([image.naturalWidth, image.naturalHeight]).toEqual([hero.width, hero.height])
})
`,
    })
    await symlink(path.join(REPOSITORY, 'node_modules'), path.join(project.root, 'node_modules'))
    const { PATH, HOME } = process.env
    const child = spawn(
      process.execPath,
      [path.join(REPOSITORY, 'node_modules/vitest/vitest.mjs'), 'run'],
      {
        cwd: project.root,
        env: { PATH, HOME, NO_COLOR: '1', LLMEASY_API_KEY: 'key', LLMEASY_BASE_URL: api.url },
      },
    )
    onTestFinished(() => void child.kill())
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', text => {
        output += text
      })
    }
    const [code] = await once(child, 'close')
    expect(code, output).toBe(0)
    expect(api.count).toBe(0)
  },
)
