import { setMaxListeners } from 'node:events'
import path from 'node:path'
import type { Budget, RunBudget } from '../budget/budget.ts'
import type { ResolvedOptions } from '../config/options.ts'
import { RunError } from '../errors/run-error.ts'
import { RunStoppedError } from '../errors/run-stopped-error.ts'
import { formatImageId } from '../manifest/image-id.ts'
import type { Original, OriginalState } from '../originals/original.ts'
import type { Originals } from '../originals/originals.ts'
import type { Key } from '../plan/image-request.ts'
import type { Plan } from '../plan/plan.ts'
import { createPlanner, type KnownOriginal, type Planner } from '../plan/planner.ts'
import type { ReferencePicture } from '../plan/reference-picture.ts'
import type { Renditions } from '../renditions/rendition.ts'
import { projectPath } from '../system/project-path.ts'
import type { EventHub } from './event-hub.ts'
import type { RunReport } from './events.ts'
import { inspectManifest } from './inspect.ts'
import type { Pipeline, ResolvedModule } from './pipeline.ts'
import { createManifestFilter, discoverManifests } from './project/discover-manifests.ts'
import { createFixedNames } from './project/fixed-names.ts'
import {
  createManifestReader,
  createProjectParser,
  type ManifestReader,
} from './project/read-images.ts'
import type { Selection } from './project/selection.ts'
import { resolveModule, watchFilesOf } from './resolve-module.ts'
import { findAlternatives } from './run/alternatives.ts'
import { refuseOtherSize, sizeProblem, sizeWarning } from './run/check-size.ts'
import { describeFailures } from './run/describe-failures.ts'
import { describeDrafts } from './run/drafts-in-build.ts'
import { originalAsReference, type ReferenceContext } from './run/original-as-reference.ts'
import {
  asksAgain,
  checkPolicy,
  imagesToBuy,
  planBudget,
  refusalOf,
  requestName,
} from './run/policy.ts'
import { type RunResult, runPlan } from './run/run.ts'
import { keepTypes } from './types/types-file.ts'

/** What a pipeline is made of. Handed in, so that another provider or store needs no change here. */
export interface PipelineParts extends Pick<ReferenceContext, 'toPng'> {
  readonly options: ResolvedOptions
  readonly originals: Originals
  readonly renditions: Renditions
  readonly events: EventHub
  readonly budget: Budget
  /** Whether there is a key to buy with. */
  hasKey(): boolean
  /**
   * Rejects when another cache may have what these manifests lack.
   * @param manifests absolute paths
   */
  checkCaches(manifests: readonly string[]): Promise<void>
  /** Decodes a reference in full; rejects when it is no usable picture. */
  proveReference(picture: ReferencePicture, subject: string): Promise<void>
}

/** The manifests, the planner and what it found, for one plan or run: read anew for each. */
interface Reading {
  readonly manifests: ManifestReader
  readonly planner: Planner
  readonly known: Map<Key, Original>
  /** All that was looked up, by key. */
  readonly looks: Map<Key, OriginalState>
}

interface ReservedRun extends Pick<Reading, 'planner' | 'known'> {
  readonly selection: Selection
  readonly budget: RunBudget | undefined
}

/** The pipeline over its parts: the order of things, and nothing of how they are done. */
export function composePipeline(parts: PipelineParts): Pipeline {
  const { options, originals, renditions } = parts
  const { emit, on } = parts.events
  const modules = new Map<string, Promise<ResolvedModule>>()
  const running = new Set<Promise<unknown>>()
  const abort = new AbortController()
  /** Ends waits, and leaves what was sent alone. */
  const stopping = new AbortController()
  // Every image under way listens to it, and there may be more than Node takes for a leak.
  setMaxListeners(0, abort.signal)
  const parseManifest = createProjectParser(options)
  const fixedNames = createFixedNames(options.root)
  const selects = createManifestFilter(options)
  /** Runs under way: what stopped one of them stops the others, and nothing after them. */
  let runs = 0

  function read(selection: Selection = {}): Reading {
    const again = asksAgain(selection, options.root)
    const manifests = createManifestReader(options, parseManifest)
    const known = new Map<Key, Original>()
    const looks = new Map<Key, OriginalState>()
    const planner = createPlanner({
      root: options.root,
      defaultModel: options.provider.model,
      find: manifests.find,
      async look(prepared, image): Promise<KnownOriginal> {
        const look = await originals.find(prepared)
        looks.set(prepared.key, look)
        switch (look.state) {
          case 'ready':
            known.set(prepared.key, look.original)
            return {
              state: 'ready',
              where: look.where,
              picture: originalAsReference(image.id, look.original, parts),
            }
          case 'missing':
            return { state: 'missing', ...(look.problem && { reason: look.problem }) }
          case 'uncertain':
            return {
              state: 'uncertain',
              reason: describeUncertainty(look),
            }
          case 'corrupt':
            return { state: 'corrupt', reason: look.problem }
          case 'newer':
            return { state: 'newer', reason: look.problem }
          case 'unusable':
          case 'refused':
            return { state: again(image.id) ? 'missing' : look.state, reason: look.problem }
        }
      },
    })
    return { manifests, planner, known, looks }
  }

  async function run(selection: Selection, reading: Reading): Promise<RunResult> {
    if (runs === 0) originals.beginRun()
    runs += 1
    try {
      return await runSelected(selection, reading)
    } finally {
      runs -= 1
    }
  }

  async function runSelected(
    selection: Selection,
    { manifests, planner, known }: Reading,
  ): Promise<RunResult> {
    const { committed } = await originals.recover(abort.signal)
    if (committed.length > 0) {
      const pictures = committed.length === 1 ? '1 picture' : `${committed.length} pictures`
      emit({
        type: 'warning',
        message: `An earlier run was cut short; ${pictures} that it had received are kept now.`,
      })
    }
    const complete = await planner.plan(await manifests.select(selection))
    const plan = options.mode === 'draft' ? readyImages(complete) : complete
    const lacking = imagesToBuy(plan).map(({ id }) => path.join(options.root, id.manifest))
    if (lacking.length > 0) await parts.checkCaches(lacking)
    checkPolicy(plan, options, parts.hasKey())
    const wanted = planBudget(plan, options, selection)
    const budget = wanted && (await parts.budget.reserve(wanted, stopping.signal))
    try {
      return await runReserved(plan, { selection, planner, known, budget })
    } finally {
      await budget?.release()
    }
  }

  async function runReserved(
    plan: Plan,
    { selection, planner, known, budget }: ReservedRun,
  ): Promise<RunResult> {
    emit({ type: 'run-start', images: plan.images.length, toBuy: imagesToBuy(plan).length })
    const result = await runPlan(plan, known, {
      originals,
      toPng: parts.toPng,
      planner,
      emit,
      signal: abort.signal,
      allowance: image =>
        budget?.allowance(requestName(image, options.root), formatImageId(image.id)),
      ...(selection.uncertain && { uncertain: selection.uncertain }),
      again: asksAgain(selection, options.root),
      async proveReferences({ id }, references) {
        for (const picture of references) await parts.proveReference(picture, formatImageId(id))
      },
      checkOriginal({ id, image }, { entry }) {
        if (options.onSizeMismatch === 'ignore') return
        if (options.onSizeMismatch === 'error') return refuseOtherSize(image, entry)
        const problem = sizeProblem(image, entry)
        if (problem) emit({ type: 'warning', message: sizeWarning(problem), image: id })
      },
    })
    emit({ type: 'run-end', report: result.report })
    failWhenIncomplete(result.report)
    return result
  }

  async function resolve(file: string): Promise<ResolvedModule> {
    const reading = read()
    const manifest = await reading.manifests.read(file)
    await fixedNames.claim(manifest, reading.manifests)
    const result = await run({ manifests: [file] }, reading)
    const drafts = describeDrafts(manifest, result.originals, options.draftsAllowed)
    if (drafts !== undefined) emit({ type: 'warning', message: drafts })
    const context = { options, originals, renditions, find: reading.manifests.find }
    const [template, watchFiles] = await Promise.all([
      resolveModule(manifest, result.originals, context),
      watchFilesOf(manifest.path, options.root, reading.manifests),
      keepTypes(manifest, result.originals, options, message => emit({ type: 'warning', message })),
    ])
    return { ...template, watchFiles }
  }

  function track<T>(work: Promise<T>): Promise<T> {
    const settled = work.catch(() => {}).finally(() => running.delete(settled))
    running.add(settled)
    return work
  }

  return {
    options,
    originals,
    renditions,
    discover: () => discoverManifests(options),
    selects,
    manifest: file =>
      createManifestReader(options, parseManifest).read(path.resolve(options.root, file)),
    async plan(selection = {}) {
      const { manifests, planner } = read(selection)
      return planner.plan(await manifests.select(selection))
    },
    watchFilesOf(file) {
      const name = projectPath(options.root, path.resolve(options.root, file))
      return watchFilesOf(name, options.root, createManifestReader(options, parseManifest))
    },
    inspect: file => inspectManifest(path.resolve(options.root, file), { options, ...read() }),
    budget: () => parts.budget.usage(),
    refusal: () => refusalOf(options, parts.hasKey()),
    async alternatives(selection, count, isTaken) {
      const { manifests, planner } = read()
      const images = await manifests.select(selection)
      return findAlternatives(images, count, { planner, ...(isTaken && { isTaken }) })
    },
    generate: (selection = {}) =>
      track(run(selection, read(selection)).then(({ report }) => report)),
    resolveModule(file) {
      const resolving = modules.get(file)
      if (resolving) return resolving
      const started = track(resolve(file)).finally(() => modules.delete(file))
      modules.set(file, started)
      return started
    },
    on,
    stop(notice) {
      emit({ type: 'warning', message: notice })
      const reason = new RunStoppedError('The run was interrupted.')
      originals.stop(reason)
      stopping.abort(reason)
    },
    async close(how = {}) {
      if (how.abort) {
        stopping.abort()
        abort.abort()
      }
      await Promise.all(running)
      await originals.close()
    },
  }
}

function readyImages(plan: Plan): Plan {
  return { images: plan.images.filter(({ state }) => state === 'ready') }
}

function describeUncertainty({
  since,
  requestId,
  problem,
}: Extract<OriginalState, { state: 'uncertain' }>): string {
  return problem === undefined
    ? `an attempt of ${since} has no known outcome (request ID ${requestId})`
    : `an attempt of ${since} may have been billed (request ID ${requestId}): ${problem}`
}

/** @throws RunError telling every failure */
function failWhenIncomplete({ images }: RunReport): void {
  const message = describeFailures(images)
  if (message === undefined) return
  throw new RunError(
    message,
    images.flatMap(({ error }) => error ?? []),
  )
}
