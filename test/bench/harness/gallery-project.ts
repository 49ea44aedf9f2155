import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { writeScene } from './pictures.ts'
import { storeOriginals } from './store-originals.ts'

export const PICTURES = 24
export const WIDTHS = [640, 1280]
export const FORMATS = ['webp', 'jpeg']
const [WIDTH, HEIGHT] = [1536, 1024]

export interface GalleryProject {
  readonly root: string
  /** Absolute paths of the pictures. */
  readonly pictures: readonly string[]
}

const names = Array.from({ length: PICTURES }, (_, index) => `p${index}`)

/** Draws the pictures that the contenders share. */
export async function writePictures(folder: string): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true })
  const files = names.map(name => path.join(folder, `${name}.png`))
  for (const [index, file] of files.entries()) await writeScene(file, WIDTH, HEIGHT, index + 1)
  return files
}

/** A project with a manifest, every original of which is there. */
export async function writeProductProject(
  root: string,
  pictures: readonly string[],
): Promise<void> {
  await writePage(root, "import site from './site.image.yaml'\nconsole.log(site)\n")
  const output = `{ formats: [${FORMATS.join(', ')}], widths: [${WIDTHS.join(', ')}] }`
  // The first has its own settings, so that one picture's can be changed.
  const images = names.map((name, index) =>
    index > 0
      ? `  ${name}: { prompt: ${name} }\n`
      : `  ${name}:\n    prompt: ${name}\n    output:\n      formats: [${FORMATS.join(', ')}]\n      widths: [${WIDTHS.join(', ')}] # one\n`,
  )
  await writeFile(
    path.join(root, 'site.image.yaml'),
    `defaults:\n  size: ${WIDTH}x${HEIGHT}\n  output: ${output}\nimages:\n${images.join('')}`,
  )
  await storeOriginals(
    root,
    pictures.map(file => ({
      prompt: path.parse(file).name,
      size: `${WIDTH}x${HEIGHT}`,
      file,
      width: WIDTH,
      height: HEIGHT,
    })),
  )
}

/** A project that imports files, each with a query. */
export async function writeImportProject(
  root: string,
  files: readonly string[],
  query = '',
): Promise<void> {
  const imports = files.map((file, i) => `import a${i} from ${JSON.stringify(file + query)}\n`)
  const list = files.map((_, index) => `a${index}`).join(', ')
  await writePage(root, `${imports.join('')}console.log([${list}])\n`)
}

async function writePage(root: string, main: string): Promise<void> {
  await mkdir(root, { recursive: true })
  await writeFile(path.join(root, 'main.js'), main)
  await writeFile(
    path.join(root, 'index.html'),
    '<!doctype html><script type="module" src="/main.js"></script>',
  )
}
