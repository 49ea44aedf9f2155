import { createLogger } from 'vite'
import { expect, test } from 'vitest'
import type { BudgetOptions } from '../../src/config/options.ts'
import { createSite, importAsPage, startVite } from './dev-site.ts'

async function startWithTerminal(budget?: BudgetOptions) {
  const site = await createSite({
    'a.image.yaml': 'prompt: A lighthouse\n',
    'b.image.yaml': 'prompt: A harbour\n',
  })
  const said: string[] = []
  const logger = createLogger('silent')
  logger.warn = message => said.push(message)
  logger.info = message => said.push(message)
  const options = { provider: { retry: { delays: [10] } }, ...(budget && { budget }) }
  const { url } = await startVite(site, { options, customLogger: logger })
  const load = (name: string) => importAsPage(url, `${name}.image.yaml`)
  return { site, load, text: () => said.join('\n') }
}

test('the terminal says what may have been billed beside a picture', async () => {
  const { site, load, text } = await startWithTerminal()
  site.api.failNext({ drop: true })
  await load('a')
  await expect
    .poll(text, { timeout: 10_000 })
    .toContain('1 attempt may have been billed beside those that brought a picture.')
  expect(site.api.billed).toBe(2)
})

test('the terminal says when there is room in the budget again', async () => {
  const { site, load, text } = await startWithTerminal({ images: 1 })
  await load('a')
  await expect.poll(() => site.api.billed, { timeout: 10_000 }).toBe(1)
  await load('b')
  await expect
    .poll(text, { timeout: 10_000 })
    .toMatch(/wait until others are an hour old, the oldest at \d\d:\d\d\./)
})

test('the terminal says what a picture cost', async () => {
  const { load, text } = await startWithTerminal({ prices: { '1024x1024': 0.04 } })
  await load('a')
  await expect.poll(text, { timeout: 10_000 }).toContain('[unplugin-imagegen] Spent 0.04 USD.')
})
