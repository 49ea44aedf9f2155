import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { ExportConflictError } from '../errors/export-conflict-error.ts'
import { ReferenceFileError } from '../errors/reference-file-error.ts'
import { ReferenceGraphError } from '../errors/reference-graph-error.ts'
import { ReferenceNotMadeError } from '../errors/reference-not-made-error.ts'
import { SourceFileError } from '../errors/source-file-error.ts'
import { isYamlName } from '../manifest/source/manifest-name.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import { RunError } from '../pipeline/run-error.ts'
import { sha256 } from '../system/digest.ts'
import { projectPath } from '../system/project-path.ts'
import { writeExport } from './files/write-export.ts'
import { type ExportedManifest, planExport } from './plan/plan-export.ts'
import { checkExportTarget } from './target/check-target.ts'
import type { ExportOptions, ExportReport } from './target/export-options.ts'
import { type ExportTarget, resolveExportTarget } from './target/export-target.ts'

/** How often manifests are read again that change meanwhile. */
const ROUNDS = 5

/**
 * Writes the pictures of manifests as files, and a module or JSON of their images, for sites without
 * a bundler. Missing pictures are generated as in a build. Removes only what an earlier export to the
 * same place wrote.
 * @throws ExportTargetError, ExportConflictError, StoreError
 * @throws what {@link Pipeline.generate} throws; then nothing was written
 */
export async function exportImages(
  pipeline: Pipeline,
  options: ExportOptions,
): Promise<ExportReport> {
  return runExport(pipeline, options, {})
}

export interface ExportContext {
  /** Takes what is worth knowing while it waits; absent: the report tells it. */
  readonly warn?: (message: string) => void
  /** Milliseconds without a sign of life after which another export counts as dead. @default 12_000 */
  readonly ttl?: number
  /**
   * What an earlier export wrote of manifests that are not among these stays.
   * @default false
   */
  readonly isPartial?: boolean
  /** Takes images that cannot be made; their manifests are left out. Absent: they end the export. */
  readonly onFault?: (error: RunError) => void
}

/** {@link exportImages} for the command line. */
export async function runExport(
  pipeline: Pipeline,
  options: ExportOptions,
  context: ExportContext,
): Promise<ExportReport> {
  const { cacheDir } = pipeline.options
  const { target, manifests } = await openExport(pipeline, options)
  const made = await generateMakeable(pipeline, manifests, context)
  const plan = planExport(await resolveSettled(pipeline, made), target)
  const warnings = [...plan.warnings]
  const warn = (message: string): void => void warnings.push(message)
  const isPartial = context.isPartial || made.length < manifests.length
  const written = await writeExport(plan, target, { warn, ...context, isPartial, cacheDir })
  return { images: plan.images, ...written, warnings }
}

/** What is wrong with an image before anything is requested for it. */
const FAULTS = [ReferenceGraphError, ReferenceFileError, SourceFileError]

/** The manifests whose images are all there now. */
async function generateMakeable(
  pipeline: Pipeline,
  manifests: readonly string[],
  { onFault }: ExportContext,
): Promise<readonly string[]> {
  try {
    await pipeline.generate({ manifests })
    return manifests
  } catch (error) {
    if (!onFault || !(error instanceof RunError)) throw error
    const failed = error.report.images.filter(image => image.error)
    if (!failed.every(image => isOfManifest(image.error))) throw error
    const { root } = pipeline.options
    const faulty = new Set(failed.map(({ image }) => path.join(root, image.manifest)))
    const made = manifests.filter(file => !faulty.has(file))
    if (made.length === 0) throw error
    onFault(error)
    return made
  }
}

/** Also of an image that was skipped because of such a fault. */
function isOfManifest(error: unknown): boolean {
  if (error instanceof ReferenceNotMadeError) return isOfManifest(error.cause)
  return FAULTS.some(Fault => error instanceof Fault)
}

/**
 * Where an export goes, and which manifests it takes, as absolute paths. Writes nothing.
 * @throws ExportTargetError
 */
export async function openExport(
  pipeline: Pick<Pipeline, 'options' | 'discover'>,
  options: ExportOptions,
): Promise<{ readonly target: ExportTarget; readonly manifests: readonly string[] }> {
  const { root } = pipeline.options
  const target = resolveExportTarget(options, root)
  const discovered = await pipeline.discover()
  const given = options.manifests?.map(file => path.resolve(root, file))
  await checkExportTarget(target, pipeline.options, [...discovered, ...(given ?? [])])
  return { target, manifests: given ?? discovered }
}

/** The modules of manifests as they are in one moment. */
async function resolveSettled(
  pipeline: Pipeline,
  manifests: readonly string[],
): Promise<readonly ExportedManifest[]> {
  const { root } = pipeline.options
  for (let round = 1; round <= ROUNDS; round++) {
    const before = await Promise.all(manifests.map(file => stampOf(pipeline, file)))
    const templates = await Promise.all(manifests.map(file => pipeline.resolveModule(file)))
    const after = await Promise.all(manifests.map(file => stampOf(pipeline, file)))
    if (after.join() !== before.join()) continue
    return templates.map((template, index) => ({
      path: projectPath(root, manifests[index] ?? ''),
      template,
    }))
  }
  throw new ExportConflictError(
    'Manifests kept changing while they were exported, so nothing was written. Export again once they are saved.',
  )
}

/** Changes whenever a manifest does, or one that it extends. */
async function stampOf(pipeline: Pipeline, manifest: string): Promise<string> {
  const files = (await pipeline.watchFilesOf(manifest)).filter(isYamlName)
  const texts = await Promise.all(files.map(file => readFile(file).catch(() => Buffer.alloc(0))))
  return sha256(texts.map(text => sha256(text)).join())
}
