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
    size: 1536x1152
    alt: Lighthouse <on> a cliff
    output: { widths: [32, 64] }
  hero-night:
    prompt: The same at night
    size: 1152x1152
  spare:
    prompt: Nobody imports this one
    size: 576x576
  og:
    prompt: A social card
    size: 960x480
    output: { file: og/home.png }
`
