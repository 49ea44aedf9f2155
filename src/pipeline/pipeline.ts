import type { BudgetUsage } from '../budget/budget.ts'
import type { ResolvedOptions } from '../config/options.ts'
import type { ImageId } from '../manifest/image-id.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { ModuleTemplate } from '../module/image-template.ts'
import type { Originals } from '../originals/originals.ts'
import type { Plan } from '../plan/plan.ts'
import type { Renditions } from '../renditions/rendition.ts'
import type { PipelineEvent, RunReport } from './events.ts'
import type { InspectedManifest } from './inspect.ts'
import type { Selection } from './project/selection.ts'

/** The module of one manifest, ready to be rendered for a bundler. */
export interface ResolvedModule extends ModuleTemplate {
  /** Absolute paths: the manifest, what it extends, reference files. A change of one changes the module. */
  readonly watchFiles: readonly string[]
}

/**
 * One pipeline: manifest → plan → originals → renditions → module. All state belongs to it;
 * the plugin, the command line and the programmatic API are three faces of it.
 */
export interface Pipeline {
  readonly options: ResolvedOptions
  readonly originals: Originals
  readonly renditions: Renditions
  /** Absolute paths of the manifests that `include` and `exclude` select, sorted. */
  discover(): Promise<readonly string[]>
  /** Whether {@link discover} would find a file, by its absolute path alone. */
  selects(file: string): boolean
  /** @throws ManifestError */
  manifest(file: string): Promise<Manifest>
  /** What is there, what is missing, in buying order. Sends nothing. */
  plan(selection?: Selection): Promise<Plan>
  /**
   * A manifest and its images as they stand. Buys nothing, makes nothing, waits for nothing.
   * @throws ManifestError, ReferenceGraphError
   */
  inspect(file: string): Promise<InspectedManifest>
  /** What to watch for a manifest, however faulty it is: {@link ResolvedModule.watchFiles} as far as known. */
  watchFilesOf(file: string): Promise<readonly string[]>
  /** How much of the budget is used, by all processes on the cache. @throws StoreError */
  budget(): Promise<BudgetUsage>
  /** Why nothing can be requested at all, as a sentence; undefined when it can. */
  refusal(): string | undefined
  /**
   * The revisions that further pictures of images get: the lowest ones above each image's own that
   * have no picture, so that one that failed or was cut short is asked for first.
   * @param count of each image
   * @param isTaken of revisions that are being generated
   */
  alternatives(
    selection: Selection,
    count: number,
    isTaken?: (id: ImageId) => boolean,
  ): Promise<readonly ImageId[]>
  /**
   * Makes sure that every selected original exists, buying what is missing when the mode allows it.
   * @throws MissingOriginalsError, MissingKeyError, BudgetError, RunError
   */
  generate(selection?: Selection): Promise<RunReport>
  /** {@link generate} for one manifest, then its renditions. Concurrent calls for a file share the work. */
  resolveModule(file: string): Promise<ResolvedModule>
  /** Returns the function that ends the subscription. */
  on(listener: (event: PipelineEvent) => void): () => void
  /**
   * Requests nothing more, and ends every wait: for a retry, for another process. Answers that are
   * under way are still received and kept.
   * @param notice told as a warning
   */
  stop(notice: string): void
  /**
   * Lets what is under way come to a clean end, then frees everything.
   * @param options `abort` gives up what is under way; what was sent stays in the journal
   */
  close(options?: { readonly abort?: boolean }): Promise<void>
}
