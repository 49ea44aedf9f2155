import type { Original, OriginalState } from '../../originals/original.ts'
import type { Key } from '../../plan/image-request.ts'
import { createPlanner, type KnownOriginal, type Planner } from '../../plan/planner.ts'
import { createManifestReader, type ManifestReader } from '../project/read-images.ts'
import type { Selection } from '../project/selection.ts'
import { originalAsReference } from '../run/original-as-reference.ts'
import { asksAgain } from '../run/policy.ts'
import type { PipelineState } from './pipeline-state.ts'

/** The manifests, the planner and what it found, for one plan or run: read anew for each. */
export interface Reading {
  readonly manifests: ManifestReader
  readonly planner: Planner
  readonly known: Map<Key, Original>
  /** What the tiers say of each key that was looked up. */
  readonly looks: Map<Key, OriginalState>
}

export function startReading(state: PipelineState, selection: Selection = {}): Reading {
  const { options, originals } = state
  const again = asksAgain(selection, options.root)
  const manifests = createManifestReader(options, state.parse)
  const known = new Map<Key, Original>()
  const looks = new Map<Key, OriginalState>()
  const planner = createPlanner({
    root: options.root,
    defaultModel: options.provider.model,
    find: manifests.find,
    async look(prepared, { id }): Promise<KnownOriginal> {
      const look = await originals.find(prepared)
      looks.set(prepared.key, look)
      if (look.state !== 'ready') return describeLook(look, again(id))
      known.set(prepared.key, look.original)
      const picture = originalAsReference(id, look.original, state.references)
      return { state: 'ready', where: look.where, picture }
    },
  })
  return { manifests, planner, known, looks }
}

/** @param again whether an answer that was no usable picture is requested anew */
function describeLook(
  look: Exclude<OriginalState, { state: 'ready' }>,
  again: boolean,
): KnownOriginal {
  switch (look.state) {
    case 'missing':
      return { state: 'missing', ...(look.problem && { reason: look.problem }) }
    case 'uncertain':
      return { state: 'uncertain', reason: describeUncertainty(look) }
    case 'corrupt':
    case 'newer':
      return { state: look.state, reason: look.problem }
    case 'unusable':
    case 'refused':
      return { state: again ? 'missing' : look.state, reason: look.problem }
  }
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
