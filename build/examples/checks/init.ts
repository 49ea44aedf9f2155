import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expectThat } from '../failure.ts'
import type { Check } from '../run.ts'
import type { Workspace } from '../workspace.ts'

/** `imagegen init` sets up the same project without the product; its own build and type check pass. */
export const checkInit: Check = async ({ workspace }) => {
  const { init, scripts } = workspace.example
  if (!init) return '–'
  await takeProductOut(workspace)
  await workspace.imagegen('init', '--yes')
  const config = await readFile(path.join(workspace.app, init.config), 'utf8')
  expectThat(
    config.includes(init.plugin ?? 'imagegen()'),
    `${init.config} lacks the plugin:\n${config}`,
  )
  const [page, text] = init.page
  await writeFile(path.join(workspace.app, page), text)
  if (scripts.types !== undefined) await workspace.run(scripts.types)
  await workspace.imagegen('generate')
  await workspace.run(scripts.build)
  return 'pass'
}

async function takeProductOut({ app, example: { init } }: Workspace): Promise<void> {
  if (!init) return
  for (const file of init.remove ?? []) {
    await rm(path.join(app, file), { recursive: true, force: true })
  }
  for (const name of await readdir(app, { recursive: true })) {
    if (/(?:^|\/)node_modules\//.test(name)) continue
    if (/^imagegen\.config\.|\.image\.(?:d\.)?ya?ml/.test(path.basename(name))) {
      await rm(path.join(app, name))
    }
  }
  await rm(path.join(app, '.imagegen'), { recursive: true, force: true })
  await edit(path.join(app, init.config), text =>
    text
      .replace(/^import imagegen .*\n/m, '')
      .replace(/imagegen\(\),?\s*|\s*modules: \['unplugin-imagegen\/nuxt'\],/, ''),
  )
  await edit(path.join(app, 'tsconfig.json'), text =>
    text.replace(/,\s*"(?:rootDirs": \[[^\]]*\]|allowArbitraryExtensions": true)/g, ''),
  )
}

async function edit(file: string, change: (text: string) => string): Promise<void> {
  await writeFile(file, change(await readFile(file, 'utf8')))
}
