import path from 'node:path'
import type { ImageId } from '../../manifest/image-id.ts'
import { adoptPicture } from '../keep/adopt-picture.ts'
import type { DecidingDeps } from '../keep/deciding.ts'
import type {
  AdoptOptions,
  AdoptReport,
  KeepOptions,
  KeepReport,
  UndoDecisionOptions,
  UndoReport,
} from '../keep/decision-report.ts'
import {
  changedOnly,
  type EarlierVersion,
  type EarlierVersionsOptions,
  findEarlierVersions,
  OFFERED,
} from '../keep/earlier-versions.ts'
import { keepImages } from '../keep/keep-images.ts'
import { undoDecisions } from '../keep/undo-decisions.ts'
import { resolveSelection, type Selection } from '../project/selection.ts'
import { commitEarlierAnswers } from './generate.ts'
import { type PipelineState, track } from './pipeline-state.ts'
import { startReading } from './reading.ts'

/** The verbs that give images a picture without a request. */
export interface DecidingVerbs {
  earlierVersions(options: EarlierVersionsOptions): Promise<readonly EarlierVersion[]>
  keep(selection: Selection, options: KeepOptions): Promise<KeepReport>
  adopt(image: ImageId, file: string, options: AdoptOptions): Promise<AdoptReport>
  undo(selection: Selection, options: UndoDecisionOptions): Promise<UndoReport>
}

export function createDecidingVerbs(state: PipelineState): DecidingVerbs {
  const { root } = state.options
  const deps = decidingDeps(state)
  /** An answer on disk is a picture of its request, which then need not be decided on. */
  async function decide<Report>(dryRun: boolean, work: () => Promise<Report>): Promise<Report> {
    if (!dryRun) await commitEarlierAnswers(state)
    return work()
  }
  return {
    earlierVersions: options =>
      findEarlierVersions(deps, options, version => changedOnly(version, OFFERED)),
    keep: (selection, options) =>
      track(
        state,
        decide(options.dryRun === true, () => keepImages(deps, selection, options)),
      ),
    adopt(image, file, options) {
      const [resolved = image] = resolveSelection({ images: [image] }, root).images ?? []
      const given = { ...options, file: path.resolve(root, file) }
      return track(
        state,
        decide(options.dryRun === true, () => adoptPicture(deps, resolved, given)),
      )
    },
    undo: (selection, options) => track(state, undoDecisions(deps, selection, options)),
  }
}

/** Reads the project anew for each question. */
function decidingDeps(state: PipelineState): DecidingDeps {
  const { options, originals } = state
  return {
    options,
    originals,
    manifest: file => startReading(state).manifests.read(file),
    select: selection => startReading(state).manifests.select(selection),
    planImages: images => startReading(state).planner.plan(images),
    async plan(selection, assumed) {
      const { manifests, planner } = startReading(state, {}, assumed)
      return planner.plan(await manifests.select(selection))
    },
  }
}
