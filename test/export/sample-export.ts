import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { Project } from '../support/project.ts'

export const SITE = `images:
  hero:
    prompt: A lamp
    size: 1024x1024
    alt: 'A lamp </script>'
    output: { formats: [webp, jpeg], widths: [16, 32], placeholder: blur }
  hero-night: { prompt: A lamp at night, size: 1024x1024, output: { file: og/home card.png } }
`

export const FILES = {
  'package.json': '{ "name": "site" }',
  'src/site.image.yaml': SITE,
  'src/logo.image.yaml': 'prompt: A logo\nsize: 1024x1024\nalt: The logo\n',
}

export const TARGET = { out: 'public/img', publicPath: '/img/', data: 'data/images.json' }

/** The URLs in an exported text, as paths below the folder. */
export function urlsIn(text: string, publicPath = '/img/'): readonly string[] {
  const urls = text.match(new RegExp(`${publicPath}[^\\s",<>&]+`, 'g')) ?? []
  return [...new Set(urls)].map(url => decodeURIComponent(url.slice(publicPath.length))).sort()
}

/** Files that an exported list of images names and that are not there. */
export async function missingFiles(
  { root, files }: Project,
  list = TARGET.data,
): Promise<readonly string[]> {
  const text = await readFile(path.join(root, list), 'utf8')
  const present = new Set(await files(TARGET.out))
  return urlsIn(text).filter(url => !present.has(`${TARGET.out}/${url}`))
}
