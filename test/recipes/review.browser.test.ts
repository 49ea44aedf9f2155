import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { createSampleProject } from '../cli/sample-project.ts'
import { bundleGalleryAssets } from '../gallery/gallery-server.ts'
import { findChromium, launchChromium } from '../support/browser.ts'
import { commitAll, git } from '../support/git.ts'
import { type Bin, prepareBin } from '../support/run-bin.ts'

const executable = findChromium()
const RECIPE = path.resolve(import.meta.dirname, '../../docs/recipes/review.md')

const SITE = `defaults: { size: 1024x1024 }
images:
  hero: { prompt: A lighthouse, alt: Lighthouse }
  gull: { prompt: A gull }
  same: { prompt: Fog }
`

/** The step of a recipe that makes the review, as its shell runs it. */
async function stepOf(host: 'github' | 'gitlab'): Promise<string> {
  const text = await readFile(RECIPE, 'utf8')
  const blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block = '']) => parse(block))
  const steps: readonly string[] =
    host === 'github'
      ? blocks[0].jobs.review.steps.flatMap(({ run }: { run?: string }) => run ?? [])
      : blocks[1].images.script
  const step = steps.find(each => each.includes('imagegen gallery'))
  if (step === undefined)
    throw new Error(`The recipe for ${host} has no step that makes a gallery.`)
  return step
}

describe.skipIf(!executable)('a review by the recipes (skipped without Chromium)', () => {
  let api: ApiServer
  let bin: Bin
  let browser: Browser
  beforeAll(async () => {
    ;[api, bin, browser] = await Promise.all([
      createApiServer({ scale: 1 / 8, vary: true }),
      prepareBin(),
      launchChromium(executable ?? ''),
    ])
  })
  afterAll(() => Promise.all([api?.close(), bin?.remove(), browser?.close()]))

  /** A clone of a repository whose branch changed pictures. */
  async function createBranch(): Promise<string> {
    const root = await createSampleProject({
      'src/site.image.yaml': SITE,
      'imagegen.config.json': '{ "onSizeMismatch": "ignore" }',
      '.gitignore': 'gallery\n',
    })
    const env = { LLMEASY_API_KEY: 'test-key', LLMEASY_BASE_URL: api.url }
    const generate = async () => {
      const { code, stderr } = await bin.run(['generate'], { cwd: root, env })
      if (code !== 0) throw new Error(stderr)
    }
    await generate()
    commitAll(root, 'Begin')
    // What a runner's fetch of the target branch leaves.
    git(root, 'update-ref', 'refs/remotes/origin/main', 'HEAD')
    git(root, 'checkout', '--quiet', '-b', 'branch')
    const words = SITE.replace('A lighthouse', 'A lamp').replace('  gull: { prompt: A gull }\n', '')
    await writeFile(path.join(root, 'src/site.image.yaml'), `${words}  new: { prompt: A storm }\n`)
    await generate()
    commitAll(root, 'Change')
    return root
  }

  async function runStep(step: string, cwd: string, variables: Readonly<Record<string, string>>) {
    const script = step.replace('npx imagegen', `"${process.execPath}" "${bin.file}"`)
    const { PATH, HOME } = process.env
    // No key, and no address of an API: a review requests nothing.
    await promisify(execFile)('bash', ['-euc', script], { cwd, env: { PATH, HOME, ...variables } })
    const { script: page, style } = await bundleGalleryAssets()
    await writeFile(path.join(cwd, 'gallery/gallery.js'), page)
    await writeFile(path.join(cwd, 'gallery/gallery.css'), style)
  }

  async function open(cwd: string): Promise<{ page: Page; troubles: string[] }> {
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } })
    const troubles: string[] = []
    page.on('pageerror', error => troubles.push(String(error)))
    page.on('console', message => {
      if (message.type() === 'error') troubles.push(message.text())
    })
    await page.goto(pathToFileURL(path.join(cwd, 'gallery/index.html')).href)
    await page.locator('.review').first().waitFor()
    return { page, troubles }
  }

  test('on GitHub shows pictures and words before and after, from disk', async () => {
    const cwd = await createBranch()
    const billed = api.billed
    await runStep(await stepOf('github'), cwd, { GITHUB_BASE_REF: 'main' })
    expect(api.billed).toBe(billed)
    const summary = await readFile(path.join(cwd, 'gallery/summary.md'), 'utf8')
    expect(summary).toContain('### Images: 1 added, 1 changed, 1 removed')

    const { page, troubles } = await open(cwd)
    expect(await page.getByRole('heading', { level: 2 }).first().textContent()).toBe(
      '3 images changed since origin/main',
    )
    const cards = page.locator('.review')
    expect(await cards.locator('h3').allTextContents()).toEqual([
      expect.stringContaining('heroChanged'),
      expect.stringContaining('newAdded'),
      expect.stringContaining('gullRemoved'),
    ])
    const hero = cards.first()
    expect(await hero.locator('figcaption').allTextContents()).toEqual(['Before', 'After'])
    expect(await hero.locator('del').textContent()).toBe('Before: A lighthouse')
    expect(await hero.locator('ins').textContent()).toBe('After: A lamp')
    for (const picture of await page.locator('.review img').all()) {
      await picture.scrollIntoViewIfNeeded()
      await expect
        .poll(() => picture.evaluate(node => node instanceof HTMLImageElement && node.naturalWidth))
        .toBeGreaterThan(0)
    }
    if (process.env.IMAGEGEN_SHOTS) {
      await page.screenshot({ path: `${process.env.IMAGEGEN_SHOTS}/review.png`, fullPage: true })
    }
    // Both pictures stand in the panel too.
    await hero.getByRole('link', { name: 'hero' }).click()
    await page.getByRole('dialog').waitFor()
    expect(await page.getByRole('dialog').textContent()).toContain('earlier prompt')
    await page.keyboard.press('Escape')
    // The search narrows a review down.
    await page.getByRole('searchbox').fill('storm')
    await expect.poll(() => cards.count()).toBe(1)
    expect(troubles).toEqual([])
    await page.close()
  })

  test('on GitLab makes the same files', async () => {
    const cwd = await createBranch()
    await runStep(await stepOf('gitlab'), cwd, { CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main' })
    const summary = await readFile(path.join(cwd, 'gallery/summary.md'), 'utf8')
    expect(summary).toContain('| prompt: `A lighthouse` → `A lamp` |'.slice(2, -2))
    const { page, troubles } = await open(cwd)
    expect(await page.locator('.review').count()).toBe(3)
    expect(troubles).toEqual([])
    await page.close()
  })
})
