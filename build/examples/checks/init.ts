import { existsSync } from 'node:fs'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ExampleInit } from '../example.ts'
import { expectThat } from '../failure.ts'
import type { Check } from '../run.ts'

/** `imagegen init` sets up the same project without the product; its own build and type check pass. */
export const checkInit: Check = async ({ workspace }) => {
  const { init, scripts } = workspace.example
  if (!init) return '–'
  const folder = path.join(workspace.folder, init.package ?? workspace.example.app ?? '.')
  const { run, imagegen } = workspace.at(folder)
  await takeProductOut(folder, init)
  await imagegen('init', '--yes')
  const config = await readFile(path.join(folder, init.config), 'utf8')
  expectThat(
    config.includes(init.plugin ?? 'imagegen()'),
    `${init.config} lacks the plugin:\n${config}`,
  )
  for (const [file, text] of [init.page, ...(init.files ?? [])]) {
    await writeFile(path.join(folder, file), text)
  }
  if (scripts.types !== undefined && init.package === undefined) await run(scripts.types)
  await imagegen('generate')
  await run(scripts.build)
  return 'pass'
}

async function takeProductOut(folder: string, init: ExampleInit): Promise<void> {
  for (const file of ['.imagegen', ...(init.remove ?? [])]) {
    await rm(path.join(folder, file), { recursive: true, force: true })
  }
  for (const name of await readdir(folder, { recursive: true })) {
    if (/(?:^|\/)node_modules\//.test(name)) continue
    if (/^imagegen\.config\.|\.image\.(?:d\.)?ya?ml/.test(path.basename(name))) {
      await rm(path.join(folder, name))
    }
  }
  await edit(path.join(folder, init.config), text =>
    text
      .replace(/^import (?:imagegen|{ withImagegen }) .*\n/m, '')
      .replace(/withImagegen\(\s*([\s\S]*?),?\s*\)\s*$/, '$1\n')
      .replace(/imagegen\(\),?\s*|\s*modules: \['unplugin-imagegen\/nuxt'\],/, ''),
  )
  await edit(path.join(folder, 'tsconfig.json'), text =>
    text
      .replace(/,\s*"\.imagegen\/types"/, '')
      .replace(/,\s*"(?:rootDirs": \["\."\]|allowArbitraryExtensions": true)/g, ''),
  )
}

/** A file that is not there needs no change. */
async function edit(file: string, change: (text: string) => string): Promise<void> {
  if (existsSync(file)) await writeFile(file, change(await readFile(file, 'utf8')))
}
