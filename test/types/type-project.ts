import { spawn } from 'node:child_process'
import { symlink } from 'node:fs/promises'
import path from 'node:path'
import type { Manifest, ManifestImage } from '../../src/manifest/manifest.ts'
import { renderTypes, typesPathOf } from '../../src/module/render-types.ts'
import type { RenditionPlan } from '../../src/renditions/rendition.ts'
import type { Digest } from '../../src/system/digest.ts'
import { temporaryFolder, writeFiles } from '../support/folder.ts'

export const REPOSITORY = path.resolve(import.meta.dirname, '../..')

export function image(name: string, settings: Partial<ManifestImage> = {}): ManifestImage {
  return {
    id: { manifest: 'src/site.image.yaml', name },
    exportName: name,
    prompt: 'A lighthouse',
    size: '1536x1024',
    references: [],
    revision: 1,
    params: {},
    output: {},
    at: { line: 1, column: 1 },
    ...settings,
  }
}

const rendition = (format: 'avif' | 'png', width: number) => ({
  key: '0'.repeat(64) as Digest,
  format,
  width,
  height: (width * 2) / 3,
  verbatim: false,
})

/** AVIF and PNG at 640 and 1280 pixels, with a blur. */
export const HERO_PLAN: RenditionPlan = {
  formats: [
    [rendition('avif', 640), rendition('avif', 1280)],
    [rendition('png', 640), rendition('png', 1280)],
  ],
  placeholder: 'blur',
}

const SITE: Manifest = {
  path: 'src/site.image.yaml',
  single: false,
  extends: [],
  images: [
    image('hero', {
      alt: 'A "lighthouse" */ \u2028',
      prompt: 'Ends a comment */ and\n@deprecated',
    }),
    image('hero-night', { exportName: 'heroNight', output: { widths: [1, 2] } }),
    image('images', { output: { placeholder: 'thumbhash' } }),
    image('directed', {
      output: { formats: ['webp', 'png'] },
      variants: [
        {
          name: 'dark',
          media: '(prefers-color-scheme: dark)',
          picture: { manifest: 'src/site.image.yaml', name: 'hero' },
          output: { formats: ['webp', 'png'] },
        },
        {
          name: 'phone',
          media: '(max-width: 40rem)',
          picture: { manifest: 'src/site.image.yaml', name: 'directed' },
          output: { formats: ['webp'], widths: [1, 2] },
        },
      ],
    }),
  ],
}

const LOGO: Manifest = {
  path: 'src/logo.image.yml',
  single: true,
  extends: [],
  images: [image('logo')],
}

/** Says line by line what must and what must not compile: an expected error that does not come is one. */
export function program(specifier: string): string {
  return `import site, { directed, hero, heroNight, images } from '${specifier}site.image.yaml'
import logo from '${specifier}logo.image.yml'

export const width: 1280 = hero.width
export const alt: 'A "lighthouse" */ \\u2028' = hero.alt
export const format: 'png' = site.hero.format
export const best: 'image/avif' = hero.sources[0].type
export const srcset: string = hero.srcset
export const blur: string = hero.placeholder.dataUrl
export const hash: string = images.placeholder.thumbhash
export const night: number = site['hero-night'].width
export const single: string = logo.src
export const dark: '(prefers-color-scheme: dark)' = directed.sources[0].media
export const darkWidth: 1280 = directed.variants.dark.width
export const darkBest: 'image/avif' = directed.variants.dark.sources[0].type
export const fallback: 'image/png' = directed.sources[4].type

// @ts-expect-error it is 1280 pixels wide
export const wrongWidth: 640 = hero.width
// @ts-expect-error its width is not known yet
export const unknownWidth: 1280 = heroNight.width
// @ts-expect-error widths may be dropped
export const maybeSrcset: string = heroNight.srcset
// @ts-expect-error there is no such image
site.heroes
// @ts-expect-error it has no alternative text
heroNight.alt
// @ts-expect-error there are two formats
hero.sources[2]
// @ts-expect-error nothing is written to
hero.src = ''
// @ts-expect-error there is no such variant
directed.variants.drak
// @ts-expect-error widths may be dropped
export const maybeDirected: string = directed.variants.phone.srcset
// @ts-expect-error a single image is the default export itself
logo.logo
`
}

export interface ProjectOptions {
  readonly moduleResolution: 'bundler' | 'nodenext'
  readonly types: 'mirror' | 'sidecar'
  readonly files?: Readonly<Record<string, string>>
}

/** A project with two manifests, their types, and programs that import them by relative path and by alias. */
export async function createTypeProject(options: ProjectOptions): Promise<string> {
  const folder = await temporaryFolder()
  const base = options.types === 'mirror' ? '.imagegen/types/' : ''
  const { moduleResolution } = options
  const files = {
    'package.json': '{ "type": "module" }',
    'tsconfig.json': JSON.stringify({
      compilerOptions: {
        target: 'es2022',
        lib: ['es2022', 'dom'],
        module: moduleResolution === 'bundler' ? 'esnext' : 'nodenext',
        moduleResolution,
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        types: [],
        allowArbitraryExtensions: true,
        rootDirs: ['.', './.imagegen/types'],
        allowImportingTsExtensions: true,
        paths: {
          '@/*': ['./src/*', './.imagegen/types/src/*'],
          'unplugin-imagegen/*': [path.join(REPOSITORY, 'src/*.ts')],
        },
      },
      include: ['src'],
    }),
    'src/site.image.yaml': 'images: {}\n',
    'src/logo.image.yml': 'prompt: A logo\n',
    'src/relative.ts': program('./'),
    'src/alias.ts': program('@/'),
    [base + typesPathOf(SITE.path)]: renderTypes(SITE, ({ name }) =>
      name === 'hero' ? HERO_PLAN : undefined,
    ),
    [base + typesPathOf(LOGO.path)]: renderTypes(LOGO, () => undefined),
    ...options.files,
  }
  await writeFiles(folder, files)
  // Component checkers look for their framework beside the sources.
  await symlink(
    path.join(REPOSITORY, 'node_modules'),
    path.join(folder, 'node_modules'),
    'junction',
  )
  return folder
}

/** Runs a type checker and resolves with its output: only a summary when all is well. */
export function runChecker(
  bin: string,
  args: readonly string[],
  cwd: string,
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [path.join(REPOSITORY, 'node_modules', bin), ...args], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', text => {
        output += text
      })
    }
    child.on('error', reject)
    child.on('close', code => resolve({ code, output }))
  })
}
