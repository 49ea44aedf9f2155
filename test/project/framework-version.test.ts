import { expect, test } from 'vitest'
import { checkVersion, installedVersion } from '../../src/project/framework-version.ts'
import { createProject } from '../support/project.ts'

const ASTRO = { name: 'Astro', packageName: 'astro', oldest: 5, newest: 7 }

test('a version that works is no news', () => {
  expect(checkVersion(ASTRO, '5.0.0')).toBeUndefined()
  expect(checkVersion(ASTRO, '7.3.5')).toBeUndefined()
})

test('one that is too old is an error that names both versions', () => {
  expect(() => checkVersion(ASTRO, '4.16.18')).toThrow(
    'unplugin-imagegen needs Astro 5 or later; this project has Astro 4.16.18. Update Astro.',
  )
})

test('counts the minor version where one is needed', () => {
  const framework = { ...ASTRO, oldestMinor: 10 }
  expect(checkVersion(framework, '5.10.0')).toBeUndefined()
  expect(checkVersion(framework, '6.0.0')).toBeUndefined()
  expect(() => checkVersion(framework, '5.9.1')).toThrow('needs Astro 5.10 or later')
})

test('one that nobody tried, or that cannot be found, is a warning', () => {
  expect(checkVersion(ASTRO, '8.0.0-beta.1')).toContain('was tried with Astro 5 to 7')
  expect(checkVersion(ASTRO, undefined)).toContain('could not be found')
  expect(checkVersion(ASTRO, 'workspace')).toContain('could not be found')
})

test('finds what a project has installed', async () => {
  const { root } = await createProject({
    'node_modules/astro/package.json': '{"version":"5.18.2"}',
    'node_modules/broken/package.json': 'version: 1',
  })
  expect(installedVersion(root, 'astro')).toBe('5.18.2')
  expect(installedVersion(root, 'broken')).toBeUndefined()
  expect(installedVersion(root, 'missing-framework')).toBeUndefined()
})
