import { spawnSync } from 'node:child_process'
import { chmod, cp, mkdir, readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { createProject, open, type Project, startApi } from '../support/project.ts'

const NOBODY = 65_534
const CHOOSE = path.resolve(
  import.meta.dirname,
  '../../src/pipeline/engine/services/renditions-dir.ts',
)
const HERO = 'prompt: A lighthouse\noutput: { formats: [webp], widths: [16] }\n'

/** What another user gets, whose permissions root's would hide. */
async function chooseAsNobody({ root }: Project, renditionsDir: string): Promise<unknown> {
  const outfile = path.join(root, 'choose.mjs')
  await build({
    stdin: {
      contents: `import { chooseRenditionsDir } from ${JSON.stringify(CHOOSE)}
console.log(JSON.stringify(chooseRenditionsDir(JSON.parse(process.argv[2]))))`,
      resolveDir: root,
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
  })
  const options = { root, cacheDir: path.join(root, '.imagegen'), renditionsDir }
  const child = spawnSync(process.execPath, [outfile, JSON.stringify(options)], {
    uid: NOBODY,
    gid: NOBODY,
    encoding: 'utf8',
  })
  expect(child.stderr).toBe('')
  return JSON.parse(child.stdout)
}

test('renditions go to the cache directory where node_modules cannot be written', async context => {
  context.skip(process.getuid?.() !== 0, 'Only root can become somebody else.')
  const project = await createProject({ 'node_modules/x/package.json': '{}' })
  const wanted = path.join(project.root, 'node_modules/.cache/unplugin-imagegen')
  const fallback = path.join(project.root, '.imagegen/local/renditions')
  await chmod(project.root, 0o755)
  // Whoever can write to neither keeps what may be there.
  expect(await chooseAsNobody(project, wanted)).toEqual({ folder: wanted })

  await mkdir(path.join(project.root, '.imagegen'))
  await chmod(path.join(project.root, '.imagegen'), 0o777)
  expect(await chooseAsNobody(project, wanted)).toEqual({
    folder: fallback,
    warning: expect.stringContaining('`renditionsDir`'),
  })
  // A folder that somebody chose is not replaced by another.
  const chosen = path.join(project.root, 'made')
  expect(await chooseAsNobody(project, chosen)).toEqual({ folder: chosen })
})

test('a build then warns once, and has its renditions', async () => {
  const project = await createProject({ 'hero.image.yaml': HERO, 'node_modules/.cache': 'a file' })
  const { url } = await startApi()
  const { pipeline, warnings } = await open(project, url)
  const { images } = await pipeline.resolveModule(path.join(project.root, 'hero.image.yaml'))
  await pipeline.resolveModule(path.join(project.root, 'hero.image.yaml'))
  expect(images[0]?.files[0]?.path.startsWith(path.join(project.root, '.imagegen/local/'))).toBe(
    true,
  )
  expect(warnings()).toEqual([expect.stringMatching(/node_modules.* cannot be written.*local/)])
})

test('renditions that another machine made are as good: nothing is encoded again', async () => {
  const first = await createProject({ 'hero.image.yaml': HERO })
  const api = await startApi()
  const { pipeline } = await open(first, api.url)
  await pipeline.resolveModule('hero.image.yaml')
  await pipeline.close()

  const second = await createProject({ 'hero.image.yaml': HERO })
  // Copies have other times, and lie elsewhere.
  for (const folder of ['.imagegen', 'node_modules']) {
    await cp(path.join(first.root, folder), path.join(second.root, folder), { recursive: true })
  }
  const cache = path.join(second.root, 'node_modules/.cache/unplugin-imagegen')
  const times = async () => {
    const names = (await readdir(cache, { recursive: true })).filter(name => name.endsWith('.webp'))
    return Promise.all(
      names.map(async name => [name, (await stat(path.join(cache, name))).ctimeMs]),
    )
  }
  const restored = await times()
  expect(restored.length).toBeGreaterThan(0)
  const { pipeline: again } = await open(second, api.url)
  await again.resolveModule('hero.image.yaml')
  expect(await times()).toEqual(restored)
  expect(api.count).toBe(1)
})
