/**
 * The pipeline without a bundler.
 * @example
 * ```ts
 * import { openPipeline } from 'unplugin-imagegen/api'
 *
 * const pipeline = await openPipeline({ root: import.meta.dirname })
 * const report = await pipeline.generate()
 * await pipeline.close()
 * ```
 * @module
 */
export type { Mode, Options, ResolvedOptions } from './config/options.ts'
export * from './errors/index.ts'
export type { ImageId } from './manifest/image-id.ts'
export type { Manifest, ManifestImage } from './manifest/manifest.ts'
export type { ImageAsset } from './module/image-asset.ts'
export type { ImageEvent, ImageOutcome, PipelineEvent, RunReport } from './pipeline/events.ts'
export { openPipeline } from './pipeline/open-pipeline.ts'
export type { Pipeline, ResolvedModule } from './pipeline/pipeline.ts'
export type { Selection } from './pipeline/project/selection.ts'
export { RunError } from './pipeline/run-error.ts'
export type { ImageState } from './plan/image-state.ts'
export type { Plan, PlannedImage } from './plan/plan.ts'
export { AttemptError, type AttemptErrorCode } from './provider/attempt-error.ts'
