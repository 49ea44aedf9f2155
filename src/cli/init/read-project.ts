import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { UsageError } from '../usage-error.ts'
import type { Project } from './plan-init.ts'

/**
 * Reads what {@link planInit} has to know of a project.
 * @throws UsageError when the folder has no `package.json`, or one that is not JSON
 */
export async function readProject(root: string, hasManifest: boolean): Promise<Project> {
  const files = await readdir(root)
  return {
    files,
    hasManifest,
    dependencies: await readDependencies(root),
    gitignore: await readIfThere(path.join(root, '.gitignore')),
    gitattributes: await readIfThere(path.join(root, '.gitattributes')),
    tsconfig: await readTsconfig(root, files),
  }
}

async function readDependencies(root: string): Promise<readonly string[]> {
  const text = await readIfThere(path.join(root, 'package.json'))
  if (text === undefined) {
    throw new UsageError(
      `There is no package.json in ${root}. Run this in the project's root, or give it with --root.`,
    )
  }
  try {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(text)
    return [...Object.keys(dependencies), ...Object.keys(devDependencies)]
  } catch (cause) {
    throw new UsageError(`${path.join(root, 'package.json')} is not valid JSON.`, { cause })
  }
}

/** A `tsconfig.json` that only refers to others leaves the sources to `tsconfig.app.json`. */
async function readTsconfig(root: string, files: readonly string[]): Promise<Project['tsconfig']> {
  const main = await readIfThere(path.join(root, 'tsconfig.json'))
  const refers = main !== undefined && /"references"\s*:/.test(main)
  const file = refers && files.includes('tsconfig.app.json') ? 'tsconfig.app.json' : 'tsconfig.json'
  const text = file === 'tsconfig.json' ? main : await readIfThere(path.join(root, file))
  return text === undefined ? undefined : { file, text }
}

async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(error => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
}
