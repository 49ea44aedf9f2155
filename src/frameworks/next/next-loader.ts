import path from 'node:path'
import { plainError } from '../../bundlers/session/plain-error.ts'
import { createProgressTeller } from '../../bundlers/session/tell-progress.ts'
import { readProcessVariable } from '../../config/environment.ts'
import type { Options } from '../../config/options.ts'
import { ConfigError } from '../../errors/config-error.ts'
import type { InternalPipeline, ResolvedModule } from '../../pipeline/pipeline.ts'
import { findProject } from '../../project/find-project.ts'
import { sha256 } from '../../system/digest.ts'
import { exists } from '../../system/files/present-file.ts'
import { writeAtomically } from '../../system/files/write-atomically.ts'
import { projectPath } from '../../system/project-path.ts'
import { shownText } from '../../text/shown-text.ts'
import type { NextFileOptions, NextLoaderOptions } from './next-loader-options.ts'
import { renderNextModule } from './next-module.ts'
import { refuseList } from './refuse-list.ts'

/** As much of a loader's context as webpack and Turbopack both give. */
export interface NextLoaderContext {
  readonly resourcePath: string
  /** With its question mark. */
  readonly resourceQuery?: string
  readonly rootContext: string
  readonly mode?: string
  getOptions(): NextLoaderOptions | NextFileOptions
  addDependency(file: string): void
  emitWarning(warning: Error): void
  async(): (error: Error | null, content?: string | Uint8Array) => void
}

/**
 * The module of one manifest. A build waits for its pictures. In development drafts come at once,
 * pictures are generated meanwhile, and the next compilation has them.
 */
export async function loadForNext(
  context: NextLoaderContext,
  { options, folder, bundler, byUrl = false, mode }: NextLoaderOptions,
): Promise<string> {
  refuseUrl(context, byUrl)
  const file = context.resourcePath
  const project = await openProjectOf(options, context.rootContext)
  project.on(createProgressTeller())
  const warn = (message: string) => context.emitWarning(withoutStack(new Error(shownText(message))))
  project.on(event => {
    if (event.type === 'warning') warn(event.message)
  })
  let isGenerating = false
  const { config } = await findProject({ start: context.rootContext }, options.root)
  if (config !== undefined) context.addDependency(config)
  try {
    refuseList(project.options)
    const isDevelopment =
      (context.mode ?? mode) === 'development' && project.options.mode === 'generate'
    const module = isDevelopment
      ? await resolveWithDrafts(project, file)
      : await project.resolveModule(file)
    for (const watched of module.watchFiles) context.addDependency(watched)
    if (isDevelopment && project.options.dev.generate === 'auto') {
      const stamp = stampOf(project, { file, folder, bundler })
      if (!(await exists(stamp))) await writeAtomically(stamp, '')
      context.addDependency(stamp)
      isGenerating = true
      generateMeanwhile(project, { file, stamp })
    }
    warnOfFixedNames(module, warn)
    return await renderNextModule(module, { from: path.dirname(file), folder, bundler })
  } catch (error) {
    for (const watched of await project.watchFilesOf(file)) context.addDependency(watched)
    throw withoutStack(plainError(error))
  } finally {
    if (!isGenerating) await project.close()
  }
}

/** A URL in a style sheet or in `new URL()` would lead to the code that this loader gives. */
function refuseUrl(
  { resourcePath, rootContext, resourceQuery = '' }: NextLoaderContext,
  byUrl: boolean,
): void {
  if (!byUrl && !/[?&]image=/.test(resourceQuery)) return
  const name = projectPath(rootContext, resourcePath)
  throw withoutStack(
    new ConfigError(
      shownText(
        `Next.js takes images by import, not by the URL "${name}${resourceQuery}". Import the image in code, and use its \`src\`.`,
      ),
    ),
  )
}

/** Turbopack shows the stack, which leads nobody to what is wrong with a manifest. */
function withoutStack(error: Error): Error {
  error.stack = `${error.name}: ${error.message}`
  return error
}

async function openProjectOf(options: Options, start: string): Promise<InternalPipeline> {
  const { openForPlugin } = await import('../../pipeline/open-pipeline.ts')
  return openForPlugin(options, { start, readVariable: readProcessVariable }, 'next')
}

/** Pictures that are there, drafts for all others. */
async function resolveWithDrafts(
  { options }: InternalPipeline,
  file: string,
): Promise<ResolvedModule> {
  const { createPipeline } = await import('../../pipeline/engine/create-pipeline.ts')
  const drafts = createPipeline({ ...options, mode: 'draft', draftsAllowed: true })
  try {
    return await drafts.resolveModule(file)
  } finally {
    await drafts.close()
  }
}

/** Next's webpack watches nothing in `node_modules`, its Turbopack nothing above its root. */
function stampOf(
  { options }: InternalPipeline,
  {
    file,
    folder,
    bundler,
  }: Pick<NextLoaderOptions, 'folder' | 'bundler'> & { readonly file: string },
): string {
  const parent = bundler === 'webpack' ? path.join(options.cacheDir, 'local') : folder
  return path.join(parent, `next-${sha256(file).slice(0, 16)}.stamp`)
}

/** Generates what is missing; a new stamp makes the compiler take the pictures. */
function generateMeanwhile(
  project: InternalPipeline,
  { file, stamp }: { readonly file: string; readonly stamp: string },
): void {
  project
    .generate({ manifests: [file] })
    .then(({ images }) => images.some(({ outcome }) => outcome === 'generated'))
    .then(hasCome => (hasCome ? writeAtomically(stamp, `${Date.now()}\n`) : undefined))
    .catch((error: Error) => process.emitWarning(shownText(error.message)))
    .finally(() => project.close())
}

function warnOfFixedNames(module: ResolvedModule, warn: (message: string) => void): void {
  const fixed = module.images.flatMap(({ files }) => files.flatMap(file => file.fixedName ?? []))
  for (const name of new Set(fixed)) {
    warn(
      `Next.js emits ${name} under a name of its own. \`imagegen export --out public\` writes fixed names.`,
    )
  }
}
