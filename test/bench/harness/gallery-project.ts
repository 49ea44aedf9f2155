import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Contender } from './bench-case.ts'
import { writeScene } from './pictures.ts'
import { storeOriginals } from './store-originals.ts'

export const PICTURES = 24
const [WIDTH, HEIGHT] = [1536, 1024]

/** What becomes of each picture. */
export interface Output {
  readonly formats: readonly string[]
  readonly widths: readonly number[]
}

/** Quickly encoded. */
export const QUICK: Output = { formats: ['webp', 'jpeg'], widths: [640, 1280] }
export const WITH_AVIF: Output = { formats: ['avif', 'webp', 'jpeg'], widths: [320, 640, 1280] }

/** `24 pictures of 1536×1024 as WebP …`, for the sentences of cases. */
export function describeWork({ formats, widths }: Output): string {
  return `${PICTURES} pictures of ${WIDTH}×${HEIGHT}, widths ${inWords(widths)}, ${inWords(formats)}`
}

function inWords(list: readonly unknown[]): string {
  return `${list.slice(0, -1).join(', ')} and ${list.at(-1)}`
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
  { formats, widths }: Output = QUICK,
): Promise<void> {
  await writePage(root, "import site from './site.image.yaml'\nconsole.log(site)\n")
  const output = `{ formats: [${formats.join(', ')}], widths: [${widths.join(', ')}] }`
  // The first has its own settings, so that one picture's can be changed.
  const images = names.map((name, index) =>
    index > 0
      ? `  ${name}: { prompt: ${name} }\n`
      : `  ${name}:\n    prompt: ${name}\n    output:\n      formats: [${formats.join(', ')}]\n      widths: [${widths.join(', ')}] # one\n`,
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

/** The same pictures for the product and for vite-imagetools. */
export async function writeProjects(folder: string, output: Output) {
  const pictures = await writePictures(path.join(folder, 'pictures'))
  const product = path.join(folder, 'product')
  const imagetools = path.join(folder, 'imagetools')
  await writeProductProject(product, pictures, output)
  await cp(path.join(folder, 'pictures'), path.join(imagetools, 'pictures'), { recursive: true })
  await writeImportProject(
    imagetools,
    pictures.map(file => `./pictures/${path.basename(file)}`),
    `?w=${output.widths.join(';')}&format=${output.formats.join(';')}&as=picture`,
  )
  return { product, imagetools, pictures }
}

export function viteBuild(name: string, root: string, plugin: string): Contender {
  return { name, script: 'vite-build.mjs', input: { root, plugin } }
}

/** Both keep what they encode below `node_modules/.cache`. */
export function forget(root: string): () => Promise<void> {
  return () => rm(path.join(root, 'node_modules'), { recursive: true, force: true })
}
