import { expect, test } from 'vitest'
import { notesOf, releaseChangelog } from '../../build/changelog.ts'

const TEXT = '# Changelog\n\n## Unreleased\n\n- A door.\n\n## 0.1.0\n\n- A house.\n'

test('what is unreleased becomes a version, and the next one begins empty', () => {
  const released = releaseChangelog(TEXT, '0.2.0')
  expect(released).toBe(
    '# Changelog\n\n## Unreleased\n\n## 0.2.0\n\n- A door.\n\n## 0.1.0\n\n- A house.\n',
  )
  expect(notesOf(released, '0.2.0')).toBe('- A door.')
  expect(notesOf(released, '0.1.0')).toBe('- A house.')
  expect(notesOf(released, '0.1')).toBe('')
})

test('a version without news is none', () => {
  expect(() =>
    releaseChangelog('# Changelog\n\n## Unreleased\n\n## 0.1.0\n\n- A house.\n', '0.2.0'),
  ).toThrow('CHANGELOG.md has nothing under "Unreleased".')
})
