import { expect, test, vi } from 'vitest'
import { addToVitePress } from '../../src/frameworks/vitepress/add-to-vitepress.ts'
import { createProject } from '../support/project.ts'

const PLUGIN = { name: 'unplugin-imagegen' }
const DEPS = { options: {}, createVitePlugin: () => PLUGIN }

async function inProject(version: string) {
  const { root } = await createProject({
    'node_modules/vitepress/package.json': JSON.stringify({ version }),
  })
  vi.spyOn(process, 'cwd').mockReturnValue(root)
  return vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined)
}

test('adds the plugin before others, and leaves the rest of the configuration', async () => {
  const warn = await inProject('1.6.4')
  const other = { name: 'other' }
  const config = addToVitePress({ title: 'Docs', vite: { plugins: [other], base: '/' } }, DEPS)
  expect(config).toMatchObject({ title: 'Docs', vite: { plugins: [PLUGIN, other], base: '/' } })
  expect(warn).not.toHaveBeenCalled()
})

test('refuses a VitePress that is too old, and warns of one that nobody tried', async () => {
  await inProject('0.22.4')
  expect(() => addToVitePress({}, DEPS)).toThrow(
    'unplugin-imagegen needs VitePress 1 or later; this project has VitePress 0.22.4. Update VitePress.',
  )
  const warn = await inProject('3.0.0')
  addToVitePress({}, DEPS)
  expect(warn).toHaveBeenCalledWith(expect.stringContaining('this project has VitePress 3.0.0'))
})

test('refuses a second instance of the plugin, by name', async () => {
  await inProject('1.6.4')
  expect(() => addToVitePress({ vite: { plugins: [[PLUGIN]] } }, DEPS)).toThrow(
    'withImagegen() of unplugin-imagegen/vitepress brings the plugin: remove the one of unplugin-imagegen/vite.',
  )
})
