import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { readIfThere } from '../../system/files/present-file.ts'
import { UsageError } from '../usage-error.ts'
import { AGENTS_FILE } from './add-agents.ts'
import type { Project } from './plan-init.ts'
import { readTsconfigs } from './read-tsconfigs.ts'

/**
 * Reads what {@link planInit} has to know of a project.
 * @throws UsageError when the folder has no `package.json`, or one that is not JSON
 */
export async function readProject(
  root: string,
  { hasManifest, types }: Pick<Project, 'hasManifest' | 'types'>,
): Promise<Project> {
  const names = await readdir(root)
  const files = [...names, ...(await findNested(root, names))]
  return {
    files,
    hasManifest,
    types,
    dependencies: await readDependencies(root),
    configs: await readConfigs(root, files),
    gitignore: await readIfThere(path.join(root, '.gitignore')),
    agents: await readIfThere(path.join(root, AGENTS_FILE)),
    gitattributes: await readIfThere(path.join(root, '.gitattributes')),
    tsconfigs: await readTsconfigs(root),
  }
}

/** VitePress has its configuration in a folder of its own, in the root or in one below it. */
const NESTED = '.vitepress'

async function findNested(root: string, names: readonly string[]): Promise<readonly string[]> {
  const folders = names.flatMap(name => (name === NESTED ? [name] : [`${name}/${NESTED}`]))
  const found = await Promise.all(
    folders.map(async folder => {
      const inside = await readdir(path.join(root, folder)).catch(() => [])
      return inside.map(name => `${folder}/${name}`)
    }),
  )
  return found.flat()
}

async function readConfigs(
  root: string,
  files: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const names = files.filter(file => /(?:\.|\/)config\.[cm]?[jt]s$/.test(file))
  const read = names.map(async name => [name, await readIfThere(path.join(root, name))] as const)
  const texts = await Promise.all(read)
  return new Map(texts.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])))
}

async function readDependencies(root: string): Promise<readonly string[]> {
  const text = await readIfThere(path.join(root, 'package.json'))
  if (text === undefined) {
    throw new UsageError(
      `There is no package.json in ${root}. Run this in the project's root, or pass --root.`,
    )
  }
  try {
    const { dependencies = {}, devDependencies = {} } = JSON.parse(text)
    return [...Object.keys(dependencies), ...Object.keys(devDependencies)]
  } catch (cause) {
    throw new UsageError(`${path.join(root, 'package.json')} is not valid JSON.`, { cause })
  }
}
