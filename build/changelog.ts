/**
 * The changelog around a release. `npm version` moves what is unreleased below the new version, and
 * the release's workflow prints that part: `jiti build/changelog.ts release`, `… notes 0.2.0`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import packageJson from '../package.json' with { type: 'json' }

const FILE = path.resolve(import.meta.dirname, '../CHANGELOG.md')

const UNRELEASED = '## Unreleased\n'

/** The changelog with what is unreleased as a version. */
export function releaseChangelog(text: string, version: string): string {
  const notes = notesOf(text, 'Unreleased')
  if (notes === '') throw new Error('CHANGELOG.md has nothing under "Unreleased".')
  return text.replace(UNRELEASED, `${UNRELEASED}\n## ${version}\n`)
}

/** What a version's part of the changelog says; empty when there is none. */
export function notesOf(text: string, version: string): string {
  const [, ...parts] = text.split(/^## /m)
  const part = parts.find(part => part.split('\n', 1)[0]?.trim() === version)
  return part?.slice(part.indexOf('\n')).trim() ?? ''
}

const [command, version = packageJson.version] = process.argv.slice(2)
if (command === 'release') {
  writeFileSync(FILE, releaseChangelog(readFileSync(FILE, 'utf8'), version))
} else if (command === 'notes') {
  const notes = notesOf(readFileSync(FILE, 'utf8'), version.replace(/^v/, ''))
  if (notes === '') throw new Error(`CHANGELOG.md says nothing of ${version}.`)
  process.stdout.write(`${notes}\n`)
}
