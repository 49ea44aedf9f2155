import { execFile } from 'node:child_process'
import { mkdir, readFile, rm, symlink } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Product } from './bench-case.ts'
import { peers } from './peers.ts'

const exec = promisify(execFile)

/**
 * Packs the built product and unpacks it beside its peers. It shares what the bench lists as well,
 * sharp above all; its other dependencies are the repository's.
 * @param repository folder that holds a built `dist`
 */
export async function packProduct(repository: string, scratch: string): Promise<Product> {
  const { stdout } = await exec('npm', ['pack', '--json', '--pack-destination', scratch], {
    cwd: repository,
  })
  const [packed]: readonly { filename: string }[] = JSON.parse(stdout)
  if (!packed) throw new Error('npm pack made no tarball.')
  const tarball = path.join(scratch, packed.filename)
  const folder = path.join(peers, 'node_modules', 'unplugin-imagegen')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await exec('tar', ['-xzf', tarball, '--strip-components', '1', '-C', folder])
  const shared = await dependenciesOf(peers)
  for (const name of await dependenciesOf(folder)) {
    if (shared.includes(name)) continue
    const link = path.join(folder, 'node_modules', name)
    await mkdir(path.dirname(link), { recursive: true })
    await symlink(path.join(repository, 'node_modules', name), link, 'junction')
  }
  return { tarball, folder }
}

async function dependenciesOf(folder: string): Promise<readonly string[]> {
  const text = await readFile(path.join(folder, 'package.json'), 'utf8')
  return Object.keys(JSON.parse(text).dependencies)
}
