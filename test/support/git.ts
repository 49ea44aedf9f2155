import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

/** Runs git in a folder, as somebody with a name. */
export function git(cwd: string, ...args: readonly string[]): string {
  const who = [
    '-c',
    'user.name=Ana',
    '-c',
    'user.email=ana@example.com',
    '-c',
    'commit.gpgSign=false',
  ]
  return execFileSync('git', [...who, ...args], { cwd, encoding: 'utf8' })
}

/** Commits everything in a folder, and makes it a repository first if need be. */
export function commitAll(cwd: string, message: string): void {
  if (!existsSync(path.join(cwd, '.git'))) git(cwd, 'init', '--quiet', '--initial-branch=main')
  git(cwd, 'add', '--all')
  git(cwd, 'commit', '--quiet', '--message', message)
}
