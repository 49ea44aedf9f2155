import { createLogger } from 'vite'
import { expect, test } from 'vitest'
import type { BudgetOptions } from '../../src/config/options.ts'
import { createSite, importAsPage, startVite } from './dev-site.ts'

async function startWithTerminal(budget?: BudgetOptions, base = '/') {
  const site = await createSite({
    'a.image.yaml': 'prompt: A lighthouse\n',
    'b.image.yaml': 'prompt: A harbour\n',
  })
  const said: string[] = []
  const logger = createLogger('silent')
  logger.warn = message => said.push(message)
  logger.info = message => said.push(message)
  const options = { provider: { retry: { delays: [10] } }, ...(budget && { budget }) }
  const { server, url } = await startVite(site, { options, customLogger: logger, base })
  const load = (name: string) => importAsPage(url, `${name}.image.yaml`)
  return { site, server, url, load, text: () => said.join('\n') }
}

test('the terminal says what may have been billed beside a picture', async () => {
  const { site, load, text } = await startWithTerminal()
  site.api.failNext({ drop: true })
  await load('a')
  await expect
    .poll(text, { timeout: 10_000 })
    .toContain('1 attempt may have been billed in addition to those that returned a picture.')
  expect(site.api.billed).toBe(2)
})

test('the terminal says when there is room in the budget again', async () => {
  const { site, load, text } = await startWithTerminal({ images: 1 })
  await load('a')
  await expect.poll(() => site.api.billed, { timeout: 10_000 }).toBe(1)
  await load('b')
  await expect
    .poll(text, { timeout: 10_000 })
    .toMatch(/wait until earlier requests are an hour old, the oldest at \d\d:\d\d\./)
})

test('the terminal says what a picture cost', async () => {
  const { load, text } = await startWithTerminal({ prices: { '1024x1024': 0.04 } })
  await load('a')
  await expect.poll(text, { timeout: 10_000 }).toContain('[unplugin-imagegen] Spent 0.04 USD.')
})

test('the terminal says where the gallery is: below the addresses of the server', async () => {
  const { server, url, load, text } = await startWithTerminal(undefined, '/below/')
  expect(text()).not.toContain('Gallery')
  server.printUrls()
  expect(text()).toContain(`Gallery: ${url}__imagegen/`)
  await load('a')
  expect(text().match(/Gallery/g)).toHaveLength(1)
})

test('the terminal says where the gallery is once a page loads, where nobody prints addresses', async () => {
  const { url, load, text } = await startWithTerminal()
  await load('a')
  expect(text()).toContain(`Gallery: ${url}__imagegen/`)
  await load('b')
  expect(text().match(/Gallery/g)).toHaveLength(1)
})
