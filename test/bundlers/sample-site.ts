import { type Files, temporaryFolder, writeFiles } from '../support/folder.ts'

/** A site whose modules are ES modules, with these files; returns its folder. */
export async function writeSite(files: Files): Promise<string> {
  const root = await temporaryFolder()
  await writeFiles(root, { 'package.json': '{"type":"module"}', ...files })
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
