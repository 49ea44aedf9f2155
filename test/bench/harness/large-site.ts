import { link, mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { writeScene } from './pictures.ts'
import { storeOriginals } from './store-originals.ts'

/** Images of one manifest of a large site. */
export const PER_MANIFEST = 20
/** Smaller than what was asked for, so that thousands are quickly made. */
const SMALL = [480, 320] as const
const FULL = [1536, 1024] as const
const SIZE = FULL.join('x')
/** Made quickly (`effort: 1`): what these cases measure begins when everything is made. */
const OUTPUT = '{ formats: [avif, webp, jpeg], widths: [120, 240, 480], effort: 1 }'

/** Files that each picture of a large site becomes. */
export const FILES_EACH = 9

function outputOfFirst(): string {
  return `output: ${OUTPUT}`
}

export interface LargeSite {
  readonly count: number
  /** How many of its manifests the page imports. @default all */
  readonly shown?: number
  /** What becomes of each picture. @default nine files */
  readonly output?: string
  /** How many pictures, the first ones, have all the pixels that were asked for. @default none */
  readonly full?: number
}

/** A project of many manifests, every original of which is there. */
export async function writeLargeSite(
  root: string,
  { count, shown, output = OUTPUT, full = 0 }: LargeSite,
): Promise<void> {
  const pictures = path.join(root, 'pictures')
  await mkdir(pictures, { recursive: true })
  const manifests = Math.ceil(count / PER_MANIFEST)
  for (let manifest = 0; manifest < manifests; manifest++) {
    const names = Array.from(
      { length: PER_MANIFEST },
      (_, at) => `p${manifest * PER_MANIFEST + at}`,
    )
    await writeFile(path.join(root, manifestName(manifest)), renderManifest(names, output))
    const stored = names.map(async name => {
      const file = path.join(pictures, `${name}.png`)
      const index = Number(name.slice(1))
      const [width, height] = index < full ? FULL : SMALL
      await writeScene(file, width, height, index + 1)
      return { prompt: name, size: SIZE, file, width, height }
    })
    await storeOriginals(root, await Promise.all(stored))
  }
  await writePage(
    root,
    Array.from({ length: shown ?? manifests }, (_, manifest) => `./${manifestName(manifest)}`),
  )
}

/** A project that imports the files of a built one as they are. */
export async function writeStaticCopy(root: string, built: string): Promise<void> {
  const files = (await readdir(built)).filter(file => !file.endsWith('.js'))
  await mkdir(path.join(root, 'files'), { recursive: true })
  for (const file of files) await link(path.join(built, file), path.join(root, 'files', file))
  await writePage(
    root,
    files.map(file => `./files/${file}`),
  )
}

export function manifestName(manifest: number): string {
  return `m${manifest}.image.yaml`
}

function renderManifest(names: readonly string[], output: string): string {
  const images = names.map(name =>
    name === 'p0' && output === OUTPUT
      ? `  p0:\n    prompt: p0\n    ${outputOfFirst()}\n`
      : `  ${name}: { prompt: ${name} }\n`,
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
