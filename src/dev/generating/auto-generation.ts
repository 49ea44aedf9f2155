import path from 'node:path'
import type { InspectedImage } from '../../pipeline/inspect.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import { type DevManifest, isMissing } from '../images/dev-manifest.ts'
import type { Generations } from './generations.ts'

/** Generates what pages lack without being asked, if `dev.generate` says so. */
export interface AutoGeneration {
  /** Whether it would generate an image. */
  covers(image: InspectedImage): boolean
  /**
   * Generates after a quiet while: whoever types saves often.
   * @param isChanged whether something else is wanted than before; without it, the while goes on
   */
  soon(isChanged: boolean): void
  stop(): void
}

export interface AutoGenerationDeps {
  readonly pipeline: Pipeline
  readonly generations: Generations
  /** The length of the quiet while, in milliseconds. */
  readonly quiet: number
  /** The manifests that pages import, without those that have faults. */
  wanted(): readonly DevManifest[]
  /** Told why nothing is generated. */
  onRefusal(message: string): void
  onError(error: unknown): void
}

export function createAutoGeneration(deps: AutoGenerationDeps): AutoGeneration {
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false
  return {
    covers: image => covers(image, deps),
    soon(isChanged) {
      if (stopped || (timer && !isChanged)) return
      clearTimeout(timer)
      timer = setTimeout(() => {
        timer = undefined
        generate(deps)
      }, deps.quiet)
      timer.unref()
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
  }
}

function covers({ planned }: InspectedImage, { pipeline, generations }: AutoGenerationDeps) {
  const { dev, provider } = pipeline.options
  if (dev.generate !== 'auto' || pipeline.refusal() !== undefined) return false
  const isOpen =
    isMissing({ planned }) ||
    (planned.status.state === 'uncertain' && provider.retry.uncertain === 'retry')
  return isOpen && generations.find(planned) === undefined
}

function generate(deps: AutoGenerationDeps): void {
  const { pipeline, generations } = deps
  const manifests = deps.wanted()
  const images = manifests.flatMap(manifest => manifest.images.filter(image => covers(image, deps)))
  const { root } = pipeline.options
  const files = new Set(images.map(({ planned }) => path.join(root, planned.id.manifest)))
  const planned = images.map(image => image.planned)
  generations.generate(planned, { manifests: [...files] }).catch(deps.onError)
  const refusal = pipeline.refusal()
  if (refusal && manifests.some(manifest => manifest.images.some(isMissing))) {
    deps.onRefusal(refusal)
  }
}
