import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'

/** Writes files into a new folder, which is removed after the test. */
export async function writeSite(files: Readonly<Record<string, string | Uint8Array>>) {
  const root = await realpath(await mkdtemp(path.join(tmpdir(), 'imagegen-bundlers-')))
  onTestFinished(() => rm(root, { recursive: true, force: true, maxRetries: 3 }))
  for (const [name, content] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true })
    await writeFile(path.join(root, name), content)
  }
  return root
}

/** A site of two images, one of them in two widths, one of them under a fixed name, and one spare. */
export const SITE = `images:
  hero:
    prompt: A lighthouse on a cliff
    size: 64x48
    alt: Lighthouse <on> a cliff
    output: { widths: [32, 64] }
  hero-night:
    prompt: The same at night
    size: 48x48
  spare:
    prompt: Nobody imports this one
    size: 24x24
  og:
    prompt: A social card
    size: 40x20
    output: { file: og/home.png }
`
