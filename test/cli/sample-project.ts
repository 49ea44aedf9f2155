import { type Files, temporaryFolder, writeFiles } from '../support/folder.ts'

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

/** A project with {@link SITE} and these files; returns its folder. */
export async function createSampleProject(files: Files = {}): Promise<string> {
  const folder = await temporaryFolder()
  await writeFiles(folder, { 'package.json': '{}', 'src/site.image.yaml': SITE, ...files })
  return folder
}
