import { access, link, mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { measure } from './measure.ts'
import { writeScene } from './pictures.ts'
import { storeOriginals } from './store-originals.ts'

/** Smaller than what was asked for, so that thousands are quickly made. */
const SMALL = [480, 320] as const
const FULL = [1536, 1024] as const
const SIZE = FULL.join('x')
/** Made quickly (`effort: 1`): what these cases measure begins when everything is made. */
const OUTPUT = '{ formats: [avif, webp, jpeg], widths: [120, 240, 480], effort: 1 }'

/** Files that each picture of a large site becomes. */
export const FILES_EACH = 9

export interface LargeSite {
  /** How many images each manifest has. */
  readonly manifests: readonly number[]
  /** How many of its manifests the page imports. @default all */
  readonly shown?: number
  /** What becomes of each picture. @default nine files */
  readonly output?: string
  /** How many pictures, the first ones, have all the pixels that were asked for. @default none */
  readonly full?: number
}

/**
 * A project of many manifests, every original of which is there.
 * @param folder a folder of the run, beside which its cases share pictures
 */
export async function writeLargeSite(
  folder: string,
  root: string,
  { manifests, shown = manifests.length, output = OUTPUT, full = 0 }: LargeSite,
): Promise<void> {
  const pictures = path.join(shared(folder), 'pictures')
  await Promise.all([root, pictures].map(made => mkdir(made, { recursive: true })))
  let count = 0
  for (const [manifest, size] of manifests.entries()) {
    const numbers = Array.from({ length: size }, (_, at) => count + at)
    count += size
    await writeFile(path.join(root, manifestName(manifest)), renderManifest(numbers, output))
    const stored = numbers.map(async number => {
      const [width, height] = number < full ? FULL : SMALL
      const file = pictureOf(folder, number, width)
      await access(file).catch(() => writeScene(file, width, height, number + 1))
      return { prompt: `p${number}`, size: SIZE, file, width, height }
    })
    await storeOriginals(root, await Promise.all(stored))
  }
  await writePage(
    root,
    manifests.slice(0, shown).map((_, manifest) => `./${manifestName(manifest)}`),
  )
}

/** A large site of nine files each that was built once, for all cases of a run. */
export async function openBuiltSite(folder: string, count: number): Promise<string> {
  const root = path.join(shared(folder), `site-${count}`)
  if (
    await access(root).then(
      () => true,
      () => false,
    )
  )
    return root
  await writeLargeSite(folder, root, { manifests: manifestsOf(count) })
  await measure({ script: 'vite-build.mjs', input: { root, plugin: 'product' } })
  const files = (await builtFiles(root)).length
  if (files !== count * FILES_EACH) throw new Error(`${files} files were built of ${count}.`)
  return root
}

/** A project that imports the files of a built one as they are. */
export async function writeStaticCopy(root: string, built: string): Promise<void> {
  const files = await builtFiles(built)
  await mkdir(path.join(root, 'files'), { recursive: true })
  for (const file of files) {
    await link(path.join(built, 'dist/assets', file), path.join(root, 'files', file))
  }
  await writePage(
    root,
    files.map(file => `./files/${file}`),
  )
}

/** Images of one manifest of a large site. */
export const PER_MANIFEST = 20

/** So many images in manifests of the same size. */
export function manifestsOf(count: number): readonly number[] {
  return Array.from({ length: count / PER_MANIFEST }, () => PER_MANIFEST)
}

export function manifestName(manifest: number): string {
  return `m${manifest}.image.yaml`
}

/** Absolute paths of the pictures of a large site. */
export function picturesOf(folder: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, number) => pictureOf(folder, number, SMALL[0]))
}

function pictureOf(folder: string, number: number, width: number): string {
  return path.join(shared(folder), 'pictures', `p${number}-${width}.png`)
}

function shared(folder: string): string {
  return path.join(path.dirname(folder), 'shared')
}

async function builtFiles(root: string): Promise<readonly string[]> {
  const files = await readdir(path.join(root, 'dist/assets'))
  return files.filter(file => !file.endsWith('.js'))
}

function renderManifest(numbers: readonly number[], output: string): string {
  // The first has its own settings, so that one picture's can be changed.
  const images = numbers.map(number =>
    number === 0
      ? `  p0:\n    prompt: p0\n    output: ${output} # one\n`
      : `  p${number}: { prompt: p${number} }\n`,
  )
  return `defaults:\n  size: ${SIZE}\n  output: ${output}\nimages:\n${images.join('')}`
}

async function writePage(root: string, modules: readonly string[]): Promise<void> {
  const imports = modules.map((module, i) => `import a${i} from ${JSON.stringify(module)}\n`)
  const list = modules.map((_, index) => `a${index}`).join(', ')
  await writeFile(path.join(root, 'main.js'), `${imports.join('')}console.log([${list}])\n`)
  await writeFile(
    path.join(root, 'index.html'),
    '<!doctype html><script type="module" src="/main.js"></script>',
  )
}
