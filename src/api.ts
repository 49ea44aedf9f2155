/**
 * The pipeline without a bundler.
 * @example
 * ```ts
 * import { openPipeline } from 'unplugin-imagegen/api'
 *
 * await using pipeline = await openPipeline({ root: import.meta.dirname })
 * const report = await pipeline.generate()
 * ```
 * @module
 */

export type { BudgetUsage } from './budget/limits.ts'
export type { ReadVariable } from './config/environment.ts'
export type {
  BudgetOptions,
  DevOptions,
  LimitOptions,
  Mode,
  Options,
  OutputOptions,
  ResolvedOptions,
  StoreOptions,
} from './config/options.ts'
export type {
  Fit,
  FixedFile,
  IconPurpose,
  OutputSettings,
  PlaceholderKind,
} from './config/output-settings.ts'
export type { Prices, QualityPrices, SizePrices, TokenPrices } from './config/prices.ts'
export type {
  GeneratedPicture,
  ImageProvider,
  ProviderContext,
  ProviderFile,
  ProviderRequest,
} from './config/provider/image-provider.ts'
export type { ApiSettings, FreeSizes, Sizes } from './config/provider/preset.ts'
export type {
  PathOptions,
  ProviderOptions,
  ProviderPreset,
  RetryOptions,
  TimeoutOptions,
} from './config/provider/provider-options.ts'
export type { ResolvedProvider } from './config/provider/resolved-provider.ts'
export type { AttemptCost } from './cost/attempt-costs.ts'
export type { Expenses, RunCost } from './cost/run-cost.ts'
export * from './errors/index.ts'
export { exportImages } from './export/export-images.ts'
export type { ExportOptions, ExportReport } from './export/target/export-options.ts'
export type { ImageId } from './manifest/image-id.ts'
export type {
  CropPosition,
  CropStrategy,
  FileReference,
  ImageReference,
  ImageVariant,
  Manifest,
  ManifestImage,
  ManifestReference,
  ParamValue,
  PlacedFile,
  SentText,
} from './manifest/manifest.ts'
export type { SourceExcerpt, SourcePosition } from './manifest/source/source-text.ts'
export type {
  IconLink,
  ImageAsset,
  ImageSource,
  ManifestIcon,
  NamedImageFile,
} from './module/image-asset.ts'
export type {
  AssetFile,
  FileOrigin,
  ImageTemplate,
  ModuleTemplate,
} from './module/image-template.ts'
export type {
  Original,
  OriginalEntry,
  OriginalState,
  PictureFacts,
  ReadyOriginal,
  StoredOriginal,
  WantedOriginal,
} from './originals/original.ts'
export type { ImageEvent, ImageOutcome, PipelineEvent, RunReport } from './pipeline/events.ts'
export type { InspectedImage, InspectedManifest } from './pipeline/inspect.ts'
export type {
  AdoptOptions,
  AdoptReport,
  KeepOptions,
  KeepReport,
  KeptImage,
  UndoDecisionOptions,
  UndoneImage,
  UndoReport,
} from './pipeline/keep/decision-report.ts'
export type { EarlierVersion } from './pipeline/keep/earlier-versions.ts'
export { type OpenContext, openPipeline } from './pipeline/open-pipeline.ts'
export type { ImagePicture } from './pipeline/pictures/image-picture.ts'
export type { Pipeline, ResolvedModule, StoredOriginals } from './pipeline/pipeline.ts'
export type { Selection } from './pipeline/project/selection.ts'
export { RunError } from './pipeline/run-error.ts'
export type { RequestPart } from './plan/earlier/request-change.ts'
export type { Endpoint, ImageRequest, Key, KeyBrand } from './plan/image-request.ts'
export type {
  ImageState,
  ImageStateName,
  KeyState,
  ProgressState,
  Provenance,
  StateOf,
} from './plan/image-state.ts'
export type { Plan, PlannedImage, PlannedState } from './plan/plan.ts'
export type { SourcePicture } from './plan/source-picture.ts'
export {
  AttemptError,
  type AttemptErrorCode,
  type AttemptErrorDetails,
  type AttemptErrorOptions,
  type AttemptOutcome,
} from './provider/attempt-error.ts'
export { defineProvider } from './provider/custom/define-provider.ts'
export type { AnswerFacts } from './provider/provider.ts'
export type {
  CropPoint,
  FilePlan,
  Placeholder,
  PlannedFile,
  PlannedRendition,
  RenditionFile,
  RenditionPlan,
  RenditionSource,
  Renditions,
} from './renditions/rendition.ts'
export type { Digest, DigestBrand } from './system/digest.ts'
export type { Json } from './system/json.ts'
export type { PictureExtension, PictureFormat, RasterFormat } from './system/picture-format.ts'
