import path from 'node:path'
import { readProcessVariable } from '../../config/environment.ts'
import type { ResolvedOptions } from '../../config/options.ts'
import { attemptCosts } from '../../cost/attempt-costs.ts'
import { PipelineClosedError } from '../../errors/pipeline-closed-error.ts'
import { RunStoppedError } from '../../errors/run-stopped-error.ts'
import type { ImageId } from '../../manifest/image-id.ts'
import type { Original } from '../../originals/original.ts'
import type { Key } from '../../plan/image-request.ts'
import { systemClock } from '../../system/clock.ts'
import { createLazy } from '../../system/lazy.ts'
import { projectPath } from '../../system/project-path.ts'
import { inspectManifest } from '../inspect.ts'
import type { InternalPipeline } from '../pipeline.ts'
import { type Preview, previewManifest } from '../preview.ts'
import { createManifestFilter, discoverManifests } from '../project/discover-manifests.ts'
import { createManifestReader, createProjectParser } from '../project/read-images.ts'
import { resolveSelection, type Selection } from '../project/selection.ts'
import { findAlternatives } from '../run/alternatives.ts'
import { refusalOf } from '../run/policy.ts'
import { watchFilesOf } from '../watch-files.ts'
import { generate } from './generate.ts'
import { makeAsset, makeModule } from './make-module.ts'
import {
  createPipelineState,
  type PipelineContext,
  type PipelineState,
  track,
  untilIdle,
} from './pipeline-state.ts'
import { startReading } from './reading.ts'

/** Opens a pipeline over a project's directories, its API and the encoder. Reads and sends nothing yet. */
export function createPipeline(
  given: ResolvedOptions,
  context: Partial<PipelineContext> = {},
): InternalPipeline {
  const state = createPipelineState(given, {
    readVariable: readProcessVariable,
    clock: systemClock,
    ...context,
  })
  const { options, originals, renditions } = state
  // Loaded on use: it needs the YAML library, which a warm build does without.
  const deciding = createLazy(async () => (await import('./decide.ts')).createDecidingVerbs(state))
  const selects = createManifestFilter(options)
  const opened = <T>(value: T): T => {
    if (state.closed) throw new PipelineClosedError()
    return value
  }
  const absolute = (file: string): string => opened(path.resolve(options.root, file))
  const select = (selection: Selection = {}) => opened(resolveSelection(selection, options.root))
  const close = (how: { readonly abort?: boolean } = {}) => closePipeline(state, how)
  return {
    options,
    originals,
    renditions,
    discover: async () => discoverManifests(opened(options)),
    selects: file => selects(absolute(file)),
    manifest: async file => createManifestReader(options, state.parse).read(absolute(file)),
    plan: async selection => planSelected(state, select(selection)),
    planWith: async (assumed, selection) => planSelected(state, select(selection), assumed),
    watchFilesOf: async file => findWatchFiles(state, absolute(file)),
    inspect: async file => inspectManifest(absolute(file), { options, ...startReading(state) }),
    cancel: image => opened(state).cancellations.cancel(image),
    preview: async (file, text) => previewText(opened(state), path.normalize(file), text),
    costs: async () => attemptCosts(await opened(originals).history(), options.budget.prices),
    budget: async () => opened(state.budget).usage(),
    refusal: () => refusalOf(opened(options), state.access.hasKey),
    alternatives: async (selection, ...wanted) =>
      planAlternatives(state, select(selection), ...wanted),
    async earlierVersions(selection, planned) {
      const given = { selection: select(selection), ...(planned && { planned }) }
      return (await deciding()).earlierVersions(given)
    },
    async keep(selection, how = {}) {
      const given = select(selection)
      return (await deciding()).keep(given, how)
    },
    adopt: async (image, file, how = {}) => (await opened(deciding)()).adopt(image, file, how),
    async undo(selection, how) {
      const given = select(selection)
      return (await deciding()).undo(given, how)
    },
    generate: async selection => generateSelected(state, select(selection)),
    resolveModule: async file => makeModule(state, absolute(file)),
    asset: async image => makeAsset(state, absolute(image.manifest), image),
    on: listener => opened(state.events).on(listener),
    stop: notice => stopPipeline(state, notice),
    close,
    [Symbol.asyncDispose]: () => close(),
  }
}

async function planSelected(
  state: PipelineState,
  selection: Selection,
  assumed?: ReadonlyMap<Key, Original>,
) {
  const { manifests, planner } = startReading(state, selection, assumed)
  return planner.plan(await manifests.select(selection))
}

async function previewText(state: PipelineState, file: string, text: string): Promise<Preview> {
  const { options, parse } = state
  const given = { file, text, parse: createProjectParser(options, false) }
  return previewManifest(file, {
    before: createManifestReader(options, parse),
    after: startReading(state, {}, new Map(), given),
    files: await discoverManifests(options),
  })
}

async function planAlternatives(
  state: PipelineState,
  selection: Selection,
  count: number,
  isTaken?: (id: ImageId) => boolean,
) {
  const { manifests, planner } = startReading(state)
  const images = await manifests.select(selection)
  return findAlternatives(images, count, { planner, ...(isTaken && { isTaken }) })
}

async function generateSelected(state: PipelineState, selection: Selection) {
  const running = generate(state, selection, startReading(state, selection))
  return (await track(state, running)).report
}

function findWatchFiles({ options, parse }: PipelineState, file: string) {
  const reader = createManifestReader(options, parse)
  return watchFilesOf(projectPath(options.root, file), options.root, reader)
}

async function stopPipeline(state: PipelineState, notice: string): Promise<void> {
  state.events.emit({ type: 'warning', message: notice })
  const reason = new RunStoppedError('The run was interrupted.')
  state.originals.stop(reason)
  state.stopping.abort(reason)
  await untilIdle(state)
}

async function closePipeline(state: PipelineState, { abort = false }): Promise<void> {
  state.closed = true
  if (abort) {
    state.stopping.abort()
    state.abort.abort()
  }
  await untilIdle(state)
  await state.originals.close()
}
