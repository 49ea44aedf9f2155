import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

export const SITE = `defaults:
  size: 1024x1024
images:
  hero:
    prompt: A lighthouse on a cliff, seen from the sea
    alt: Lighthouse
  hero-night:
    prompt: The same scene at night, the lamp lit
    references: [{ image: hero }]
`

/** A project in a folder of the running test's own. */
export async function createSampleProject(
  files: Readonly<Record<string, string>> = {},
): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'imagegen-cli-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await writeFiles(folder, { 'package.json': '{}', 'src/site.image.yaml': SITE, ...files })
  return folder
}

export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, content)
  }
}
