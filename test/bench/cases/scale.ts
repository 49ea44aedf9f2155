import { appendFile, copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import {
  type BenchCase,
  type Bound,
  type Contender,
  compare,
  figure,
} from '../harness/bench-case.ts'
import { measure } from '../harness/measure.ts'
import { writeScene } from '../harness/pictures.ts'
import { storeOriginals } from '../harness/store-originals.ts'

const IMAGES = 100
const COMMANDS = ['plan', 'check']
/** Of the projects whose style was changed after everything was generated. */
const CHANGED = ['plan', 'prune', 'check']

/** Ten times as many manifests. */
export const scale: BenchCase = {
  name: 'scale',
  work: `\`imagegen plan\` and \`imagegen check\` over 100 manifests of ${IMAGES} images, all present, and over 10 of them; \`plan\`, \`prune\` and \`check\` over 100 of them whose style was changed since.`,
  rounds: 3,
  async prepare(folder, product) {
    const bin = path.join(product.folder, 'dist/bin.mjs')
    const roots = new Map<number, string>()
    for (const manifests of [10, 100]) {
      const root = path.join(folder, `${manifests}`)
      await writeProject(root, manifests)
      roots.set(manifests, root)
    }
    const contender = (command: string, manifests: number): Contender => ({
      name: `${command} of ${(manifests * IMAGES).toLocaleString('en')}`,
      script: bin,
      args: [command, '--json'],
      cwd: roots.get(manifests) ?? folder,
    })
    const contenders = COMMANDS.flatMap(command => [
      contender(command, 10),
      contender(command, 100),
    ])
    const changed = path.join(folder, 'changed')
    await writeProject(changed, 100)
    await changeStyle(changed, 100)
    for (const command of CHANGED) {
      contenders.push({
        ...contender(command, 100),
        name: nameOfChanged(command),
        cwd: changed,
        // Missing originals are what `check` is there to find.
        ...(command === 'check' && { exitCode: 1 }),
      })
    }
    // The first check reads every picture, and notes that it did.
    for (const first of contenders) await measure(first)
    return {
      contenders,
      bounds: [...COMMANDS.flatMap(boundsOf), ...CHANGED.flatMap(boundsOfChanged)],
    }
  },
}

function boundsOf(command: string): readonly Bound[] {
  const [small, large] = [`${command} of 1,000`, `${command} of 10,000`]
  return [
    {
      what: `${large}, against 1,000`,
      ratio: round => figure(round, large, 'wall') / figure(round, small, 'wall'),
      atMost: 11,
    },
    { what: large, ratio: round => figure(round, large, 'wall') / 1e3, atMost: 3, unit: 's' },
    { what: large, ratio: round => figure(round, large, 'memory') / 1e6, atMost: 200, unit: 'MB' },
  ]
}

function nameOfChanged(command: string): string {
  return `${command} of 10,000, style changed`
}

function boundsOfChanged(command: string): readonly Bound[] {
  const name = nameOfChanged(command)
  const present = `${command} of 10,000`
  return [
    ...(command === 'plan'
      ? [compare({ contender: name, peer: present, of: 'wall', words: name, atMost: 2 })]
      : []),
    { what: name, ratio: round => figure(round, name, 'wall') / 1e3, atMost: 3, unit: 's' },
    { what: name, ratio: round => figure(round, name, 'memory') / 1e6, atMost: 250, unit: 'MB' },
  ]
}

async function changeStyle(root: string, manifests: number): Promise<void> {
  for (let number = 0; number < manifests; number++) {
    const file = path.join(root, `m${number}.image.yaml`)
    const text = await readFile(file, 'utf8')
    await writeFile(file, text.replace('Flat vector, soft light', 'Woodcut, two colours'))
  }
}

async function writeProject(root: string, manifests: number): Promise<void> {
  const pictures = `${root}-pictures`
  await mkdir(root, { recursive: true })
  await mkdir(pictures)
  const picture = path.join(pictures, 'picture.png')
  await writeScene(picture, 24, 16, 1)
  for (let number = 0; number < manifests; number++) {
    const names = Array.from({ length: IMAGES }, (_, index) => `image-${number}-${index}`)
    const images = names.map(
      name =>
        `  ${name}:\n    prompt: The harbour of ${name} at dawn, seen from the lighthouse\n    alt: Harbour of ${name}\n    output: { formats: [avif, webp, jpeg], widths: [640, 1280] }\n`,
    )
    const text = `defaults:\n  size: 1536x1024\n  style: Flat vector, soft light\nimages:\n${images.join('')}`
    await writeFile(path.join(root, `m${number}.image.yaml`), text)
    const stored = names.map(async name => {
      // Bytes behind the picture make each original another one.
      const file = path.join(pictures, `${name}.png`)
      await copyFile(picture, file)
      await appendFile(file, name)
      return {
        prompt: `The harbour of ${name} at dawn, seen from the lighthouse\n\nFlat vector, soft light`,
        size: '1536x1024',
        file,
        width: 1536,
        height: 1024,
      }
    })
    await storeOriginals(root, await Promise.all(stored))
  }
}
