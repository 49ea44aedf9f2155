import { createHash, randomUUID } from 'node:crypto'
import { mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { parse } from 'yaml'
import type { OpenPipeline } from '../../src/bundlers/session/plugin-session.ts'
import { resolveOptions } from '../../src/config/resolve-options.ts'
import { ManifestError } from '../../src/errors/manifest-error.ts'
import { assembleAsset } from '../../src/module/assemble-asset.ts'
import type { AssetFile, ImageTemplate } from '../../src/module/image-template.ts'
import { filesOf } from '../../src/module/template-of.ts'
import type { PipelineEvent } from '../../src/pipeline/events.ts'
import type { InternalPipeline, Pipeline, ResolvedModule } from '../../src/pipeline/pipeline.ts'
import {
  createManifestFilter,
  discoverManifests,
} from '../../src/pipeline/project/discover-manifests.ts'
import { PRESETS } from '../../src/provider/presets.ts'
import type { PlannedFile } from '../../src/renditions/rendition.ts'
import { sha256 } from '../../src/system/digest.ts'

interface FakeImage {
  readonly prompt?: string
  readonly size?: string
  readonly references?: readonly string[]
  readonly alt?: string
  readonly output?: { readonly widths?: readonly number[]; readonly file?: string }
}

type UsedByBuilds = Pick<
  Pipeline,
  'options' | 'discover' | 'selects' | 'resolveModule' | 'watchFilesOf' | 'on' | 'close'
>

export interface FakePipeline {
  readonly open: OpenPipeline
  opened: number
  closed: number
  /** Sent with the next module. */
  warning: string | undefined
}

/**
 * Stands in for the pipeline where only a bundler is looked at: paints tiny PNGs, whose colour
 * depends on the prompt and on the references' bytes, and buys nothing.
 */
export function createFakePipeline(store: string): FakePipeline {
  const fake: FakePipeline = {
    opened: 0,
    closed: 0,
    warning: undefined,
    async open(given, { start }) {
      fake.opened++
      const root = await realpath(path.resolve(start, given.root ?? '.'))
      const named = { ...given, root }
      const options = resolveOptions(named, {
        root: start,
        presets: PRESETS,
        readVariable: () => undefined,
      })
      const listeners = new Set<(event: PipelineEvent) => void>()
      const used: UsedByBuilds = {
        options,
        discover: () => discoverManifests(options),
        selects: createManifestFilter(options),
        async resolveModule(file) {
          const { warning: message } = fake
          fake.warning = undefined
          if (message !== undefined) {
            for (const listener of listeners) listener({ type: 'warning', message })
          }
          return resolveFake(file, path.relative(options.root, file), store)
        },
        watchFilesOf: async file => watchFilesOf(file, parse(await readFile(file, 'utf8'))),
        on(listener) {
          listeners.add(listener)
          return () => {
            listeners.delete(listener)
          }
        },
        async close() {
          fake.closed++
        },
      }
      return used as InternalPipeline
    },
  }
  return fake
}

async function resolveFake(file: string, name: string, store: string): Promise<ResolvedModule> {
  const manifest = parse(await readFile(file, 'utf8'))
  const single = 'prompt' in manifest
  const named: Record<string, FakeImage> = single ? { only: manifest } : manifest.images
  const watchFiles = watchFilesOf(file, manifest)
  const images: ImageTemplate[] = []
  for (const [key, image] of Object.entries(named)) {
    if (!image.prompt) {
      throw new ManifestError([
        {
          file: name,
          line: 3,
          column: 5,
          message: `"${key}" has no prompt.`,
          frame: '    size: 8x8\n    ^',
        },
      ])
    }
    const references = (image.references ?? []).map(ref => path.resolve(file, '..', ref))
    const colour = createHash('sha256').update(image.prompt)
    for (const reference of references) colour.update(await readFile(reference))
    images.push(await paint(key, image, colour.digest(), name, store))
  }
  return { single, images, watchFiles }
}

function watchFilesOf(file: string, { references = [] }: FakeImage): readonly string[] {
  return [file, ...references.map(reference => path.resolve(file, '..', reference))]
}

interface Size {
  readonly width: number
  readonly height: number
}

/** The bytes that an image of this prompt and no references gets. */
export function pictureOf(prompt: string, size: Size): Promise<Buffer> {
  return fill(createHash('sha256').update(prompt).digest(), size)
}

function fill([r = 0, g = 0, b = 0]: Uint8Array, size: Size): Promise<Buffer> {
  return sharp({ create: { ...size, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer()
}

async function paint(
  key: string,
  image: FakeImage,
  colour: Uint8Array,
  manifest: string,
  store: string,
): Promise<ImageTemplate> {
  const [width = 64, height = 64] = (image.size ?? '64x64').split('x').map(Number)
  const draw = async (w: number): Promise<DrawnFile> => {
    const size = { width: w, height: Math.round((w * height) / width) }
    const bytes = await fill(colour, size)
    const digest = sha256(bytes)
    await mkdir(store, { recursive: true })
    // Another image may have the same bytes, and be read meanwhile.
    const whole = path.join(store, randomUUID())
    await writeFile(whole, bytes)
    await rename(whole, path.join(store, `${digest}.png`))
    const asset: AssetFile = {
      name: w === width ? key : `${key}-${w}w`,
      extension: 'png',
      digest,
      path: path.join(store, `${digest}.png`),
      size: bytes.length,
    }
    return { format: 'png', ...size, verbatim: false, asset }
  }
  const [first = width, ...others] = image.output?.widths ?? []
  const files = [await draw(first), ...(await Promise.all(others.map(draw)))] as const
  const fixedName = image.output?.file
  const assemble: ImageTemplate['assemble'] = urlOf =>
    assembleAsset(
      { plan: { formats: [files], placeholder: 'none' }, alt: image.alt },
      ({ asset }, isSrc) => urlOf(isSrc && fixedName ? { ...asset, fixedName } : asset),
    )
  return {
    id: { manifest, name: key },
    exportName: key.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase()),
    files: filesOf(assemble),
    assemble,
  }
}

interface DrawnFile extends PlannedFile {
  readonly asset: AssetFile
}
