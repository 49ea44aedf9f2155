import type { ImageId } from '../../manifest/image-id.ts'
import type { Original, OriginalState } from '../../originals/original.ts'
import type { Key } from '../../plan/image-request.ts'
import { createPlanner, type Planner } from '../../plan/planner.ts'
import type { PreparedRequest } from '../../plan/prepare-request.ts'
import { findSource } from '../pictures/find-source.ts'
import { providerNamed, requestProviderOf } from '../project/image-provider-of.ts'
import {
  createManifestReader,
  type GivenText,
  type ManifestReader,
} from '../project/read-images.ts'
import type { Selection } from '../project/selection.ts'
import { explainUnknown } from '../project/unknown-selection.ts'
import { originalAsReference } from '../run/original-as-reference.ts'
import { asksAgain } from '../run/policy.ts'
import type { PipelineState } from './pipeline-state.ts'

/** The manifests, the planner and what it found, for one plan or run: read anew for each. */
export interface ProjectReading {
  readonly manifests: ManifestReader
  readonly planner: Planner
  readonly known: Map<Key, Original>
}

/**
 * @param assumed originals that count as if they were there, by their keys
 * @param given what the text of one manifest would be
 */
export function startReading(
  state: PipelineState,
  selection: Selection = {},
  assumed: ReadonlyMap<Key, Original> = new Map(),
  given?: GivenText,
): ProjectReading {
  const { options } = state
  const again = asksAgain(selection, options.root)
  const manifests = createManifestReader(options, state.parse, given)
  const known = new Map<Key, Original>()
  const planner = createPlanner({
    root: options.root,
    providerOf: ({ provider }) => requestProviderOf(providerNamed(options, provider)),
    findImage: manifests.find,
    explainUnknown: id => explainUnknown(id, manifests.read, options),
    findSource: image => findSource(image, options.root, state.renditions),
    async findOriginal(prepared, { id }) {
      const original = assumed.get(prepared.key)
      const found: OriginalState = original
        ? { state: 'ready', where: 'local', original }
        : await findAnywhere(prepared, id, state)
      if (found.state === 'ready') {
        const { original, ...status } = found
        known.set(prepared.key, original)
        return { status, picture: originalAsReference(id, original, state.references) }
      }
      const isClosed = found.state === 'unusable' || found.state === 'refused'
      return { status: isClosed && again(id) ? { ...found, state: 'missing' } : found }
    },
  })
  return { manifests, planner, known }
}

/** In the cache, behind it, or in the package that ships the manifest. */
async function findAnywhere(
  prepared: PreparedRequest,
  { manifest }: ImageId,
  { originals, shipped }: PipelineState,
): Promise<OriginalState> {
  const found = await originals.find(prepared)
  const isShipped = found.state === 'missing' && (await shipped.copy(manifest, prepared))
  return isShipped ? originals.find(prepared) : found
}
