import path from 'node:path'
import picomatch from 'picomatch'
import type { ResolvedProvider } from '../../config/provider/resolved-provider.ts'
import { withoutNetwork } from '../../config/without-network.ts'
import { ManifestError } from '../../errors/manifest-error.ts'
import { ReferenceGraphError } from '../../errors/reference-graph-error.ts'
import { createPipeline } from '../../pipeline/engine/create-pipeline.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import { readRecords, type StoredRecord } from '../../pipeline/project/build-record.ts'
import { findImportedExports } from '../../pipeline/types/imported-exports.ts'
import type { PlannedImage } from '../../plan/plan.ts'
import { findProject } from '../../project/find-project.ts'
import { isInside, projectPath } from '../../system/project-path.ts'
import type { CliContext } from '../command-session.ts'
import { openCommandPipeline } from '../open-command-pipeline.ts'
import { findEveryManifest } from './find-every-manifest.ts'

/**
 * Every image that a build could want of this cache, whatever configuration the command was started
 * with: of the manifests that it finds, of hidden and linked ones, of other projects of the
 * repository that share the cache, of packages whose manifests code imports, and of what builds on
 * this machine used.
 * @throws ManifestError, ReferenceGraphError when one cannot be read, because then nobody knows what
 * it needs
 */
export async function findNeededImages(
  pipeline: Pipeline,
  context: CliContext,
): Promise<readonly PlannedImage[]> {
  const { root, cacheDir } = pipeline.options
  const { repository = root } = await findProject({ start: root })
  const manifests = await findEveryManifest(repository)
  const inside = manifests.filter(file => isInside(root, file))
  const others = [...inside, ...(await findImportedExports(pipeline.options))]
  const images = [...(await pipeline.plan()).images, ...(await planOthers(pipeline, others))]
  for (const record of await readRecords(cacheDir)) {
    images.push(...(await planRecorded(pipeline, record)))
  }
  const outside = manifests.filter(file => !isInside(root, file))
  images.push(...(await planNeighbours(outside, { cacheDir, context })))
  const faulty = images.find(({ error }) => error instanceof ReferenceGraphError)?.error
  if (faulty) throw faulty
  return images
}

/** Manifests that the command does not find by itself. */
async function planOthers(
  pipeline: Pipeline,
  manifests: readonly string[],
): Promise<readonly PlannedImage[]> {
  const discovered = new Set(await pipeline.discover())
  const { root, exclude } = pipeline.options
  const isExcluded = picomatch([...exclude], { dot: true })
  const images: PlannedImage[] = []
  for (const file of manifests.filter(file => !discovered.has(file))) {
    const planning = pipeline.plan({ manifests: [file] })
    const mayFail = isExcluded(projectPath(root, file))
    images.push(...(await (mayFail ? planning.catch(ignoreFaults) : planning)).images)
  }
  return images
}

/** Excluded manifests may be fixtures or copies; their faults concern no build. */
function ignoreFaults(error: unknown): { readonly images: readonly PlannedImage[] } {
  if (error instanceof ManifestError) return { images: [] }
  throw error
}

/** Images that a plugin instance matches and used, under its own options. */
async function planRecorded(
  { options }: Pipeline,
  record: StoredRecord,
): Promise<readonly PlannedImage[]> {
  const { model, use, providers, output, ...recorded } = record.options
  const recordedPipeline = createPipeline(
    withoutNetwork({
      ...options,
      ...recorded,
      output: { ...options.output, ...output },
      provider: recordedProvider(options.provider, { use, model }),
      providers: Object.fromEntries(
        Object.entries(providers).map(([name, named]) => [
          name,
          recordedProvider(options.provider, { ...named, name }),
        ]),
      ),
    }),
  )
  try {
    const files = new Set([...(await recordedPipeline.discover()), ...record.manifests])
    return (await recordedPipeline.plan({ manifests: [...files] })).images
  } finally {
    await recordedPipeline.close()
  }
}

/** A provider as far as keys hang on it. Whatever a build took, it takes. */
function recordedProvider(
  { use: _, ...provider }: ResolvedProvider,
  { use, ...recorded }: { readonly use: string; readonly model: string; readonly name?: string },
): ResolvedProvider {
  const generate = () => {
    throw new Error('Nothing is generated here.')
  }
  return {
    ...provider,
    ...recorded,
    sizes: 'any',
    masks: true,
    ...(use !== '' && { use: { name: use, files: true, masks: true, generate } }),
  }
}

/** Other projects of the repository, as far as they keep their originals in the same cache. */
async function planNeighbours(
  manifests: readonly string[],
  { cacheDir, context }: { readonly cacheDir: string; readonly context: CliContext },
): Promise<readonly PlannedImage[]> {
  const projects = new Map<string, string[]>()
  for (const file of manifests) {
    const { root, config = root } = await findProject({ start: path.dirname(file) })
    projects.set(config, [...(projects.get(config) ?? []), file])
  }
  const images: PlannedImage[] = []
  for (const files of projects.values()) {
    const cwd = path.dirname(files[0] ?? cacheDir)
    const overrides = { adjust: withoutNetwork, whateverBuildsUse: true }
    const neighbour = await openCommandPipeline({ ...context, cwd }, {}, overrides)
    try {
      if (neighbour.options.cacheDir !== cacheDir) continue
      images.push(...(await neighbour.plan()).images, ...(await planOthers(neighbour, files)))
    } finally {
      await neighbour.close()
    }
  }
  return images
}
