import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { ExportConflictError } from '../errors/export-conflict-error.ts'
import { isYamlName } from '../manifest/source/manifest-name.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
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
}

/** {@link exportImages} for the command line. */
export async function runExport(
  pipeline: Pipeline,
  options: ExportOptions,
  context: ExportContext,
): Promise<ExportReport> {
  const { cacheDir } = pipeline.options
  const { target, manifests } = await openExport(pipeline, options)
  await pipeline.generate({ manifests })
  const plan = planExport(await resolveSettled(pipeline, manifests), target)
  const warnings = [...plan.warnings]
  const warn = (message: string): void => void warnings.push(message)
  const written = await writeExport(plan, target, { warn, ...context, cacheDir })
  return { images: plan.images, ...written, warnings }
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
