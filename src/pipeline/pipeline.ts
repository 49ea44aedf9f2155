import type { BudgetUsage } from '../budget/limits.ts'
import type { ResolvedOptions } from '../config/options.ts'
import type { AttemptCost } from '../cost/attempt-costs.ts'
import type { ImageId } from '../manifest/image-id.ts'
import type { Manifest } from '../manifest/manifest.ts'
import type { ImageAsset } from '../module/image-asset.ts'
import type { ModuleTemplate } from '../module/image-template.ts'
import type {
  Original,
  OriginalState,
  StoredOriginal,
  WantedOriginal,
} from '../originals/original.ts'
import type { Originals } from '../originals/originals.ts'
import type { Key } from '../plan/image-request.ts'
import type { Plan } from '../plan/plan.ts'
import type { Renditions } from '../renditions/rendition.ts'
import type { PipelineEvent, RunReport } from './events.ts'
import type { InspectedManifest } from './inspect.ts'
import type {
  AdoptOptions,
  AdoptReport,
  KeepOptions,
  KeepReport,
  UndoDecisionOptions,
  UndoReport,
} from './keep/decision-report.ts'
import type { EarlierVersion } from './keep/earlier-versions.ts'
import type { Preview } from './preview.ts'
import type { Selection } from './project/selection.ts'

declare global {
  /** As `lib.esnext.disposable` and `@types/node` have it, for users who have neither. */
  interface SymbolConstructor {
    readonly asyncDispose: unique symbol
  }
}

/** The module of one manifest, ready to be rendered for a bundler. */
export interface ResolvedModule extends ModuleTemplate {
  /** Absolute paths of the manifest, of those that it extends, and of reference files. A change of one changes the module. */
  readonly watchFiles: readonly string[]
}

/**
 * Originals as everybody may use them. Nothing here requests a picture, so nothing goes around mode
 * and budget.
 */
export interface StoredOriginals {
  /** What the cache, the shared store and the journal say of a key. Sends nothing. @throws StoreError */
  status(key: Key): Promise<OriginalState>
  /** {@link status} of a request, whose picture is adopted from its earlier key if need be. */
  find(wanted: WantedOriginal): Promise<OriginalState>
  /** Every original of the cache directory. */
  list(): AsyncIterable<StoredOriginal>
  /**
   * Compares the bytes with the entry's digest, once per unchanged file.
   * @throws CorruptOriginalError after the file was put into quarantine
   */
  verify(original: Original): Promise<void>
  /** Keys whose requests have no known outcome yet. They are never to be removed. */
  openKeys(): Promise<ReadonlySet<Key>>
  /**
   * Removes an entry, then its bytes when no other entry needs them.
   * @throws StoreError when the journal says that it is being generated
   */
  remove(key: Key): Promise<void>
}

/**
 * One pipeline: manifest → plan → originals → renditions → module. It holds all state; plugin,
 * command line and programmatic API are faces of it.
 *
 * Paths are absolute, or relative to `options.root`. After {@link Pipeline.close} every call but
 * `close` and `stop` fails with a PipelineClosedError.
 */
export interface Pipeline {
  readonly options: ResolvedOptions
  readonly originals: StoredOriginals
  readonly renditions: Renditions
  /** Absolute paths of the manifests that `include` and `exclude` select, sorted. */
  discover(): Promise<readonly string[]>
  /** Whether {@link discover} would find a file, by its path alone. */
  selects(file: string): boolean
  /** @throws ManifestError */
  manifest(file: string): Promise<Manifest>
  /**
   * What is there and what is missing, each image after those that it refers to. Sends nothing.
   * @throws SelectionError, ManifestError, ReferenceGraphError
   */
  plan(selection?: Selection): Promise<Plan>
  /**
   * A manifest and its images as they stand. Requests nothing, makes nothing, waits for nothing.
   * @throws ManifestError, ReferenceGraphError
   */
  inspect(file: string): Promise<InspectedManifest>
  /** Files to watch for a manifest, however faulty it is: {@link ResolvedModule.watchFiles} as far as known. */
  watchFilesOf(file: string): Promise<readonly string[]>
  /** How much of the budget is used, by all processes on the cache. @throws StoreError */
  budget(): Promise<BudgetUsage>
  /**
   * Every request that the cache directory knows of, each once, and what it cost. Attempts at pictures
   * that never came are known to the machine that made them alone.
   * @throws StoreError
   */
  costs(): Promise<readonly AttemptCost[]>
  /** Why nothing can be requested at all, as a sentence; undefined when it can. */
  refusal(): string | undefined
  /**
   * The revisions that further pictures of images get: the lowest ones above each image's own that
   * have no picture. Those that failed or were cut short come first.
   * @param count of each image
   * @param isTaken whether a revision is being generated
   * @throws SelectionError, ManifestError
   */
  alternatives(
    selection: Selection,
    count: number,
    isTaken?: (id: ImageId) => boolean,
  ): Promise<readonly ImageId[]>
  /**
   * The originals that look like earlier versions of images without a picture, each after those that
   * its image refers to. Requests nothing.
   * @param selection images besides those of the project's manifests
   * @param planned the plan of the whole project, where one was made a moment ago
   * @throws SelectionError, ManifestError
   */
  earlierVersions(selection?: Selection, planned?: Plan): Promise<readonly EarlierVersion[]>
  /**
   * Lets pictures stay although what would be requested for their images changed: the selected
   * images' earlier versions become their originals. Requests nothing, and needs no key. Each image
   * that the selection names has its place in the report; of others only those that had something to
   * keep.
   * @throws SelectionError, ManifestError, StoreError
   */
  keep(selection?: Selection, options?: KeepOptions): Promise<KeepReport>
  /**
   * Takes a picture that was made elsewhere as the original of an image's present request. Where
   * that has one, it becomes that of the next revision, which is written into the manifest. Requests
   * nothing, and needs no key.
   * @param file absolute, or relative to `options.root`
   * @throws SelectionError, ManifestError, UnusablePictureError, SizeMismatchError, StoreError,
   * ManifestWriteError
   */
  adopt(image: ImageId, file: string, options?: AdoptOptions): Promise<AdoptReport>
  /**
   * Undoes {@link keep} or {@link adopt}: removes such entries of the selected images' present
   * requests, and never one that a request brought.
   * @throws SelectionError, ManifestError
   */
  undo(selection: Selection, options: UndoDecisionOptions): Promise<UndoReport>
  /**
   * Makes sure that every selected original exists, and requests missing ones when the mode allows it.
   * @throws SelectionError, ManifestError, MissingOriginalsError, MissingKeyError, BudgetError
   * before the first request
   * @throws RunError when images failed; its `report` tells of all of them
   */
  generate(selection?: Selection): Promise<RunReport>
  /** {@link generate} for one manifest, then its renditions. Concurrent calls for a file share the work. */
  resolveModule(file: string): Promise<ResolvedModule>
  /**
   * The asset of one image, for scripts and servers: where code of a page gets URLs, it names files by
   * their absolute paths. Like {@link resolveModule}, for the image's whole manifest.
   * @throws SelectionError when there is no such image
   */
  asset(image: ImageId): Promise<ImageAsset>
  /** Returns the function that ends the subscription. */
  on(listener: (event: PipelineEvent) => void): () => void
  /**
   * Requests nothing more, and ends every wait: for a retry, for another process. Keeps receiving
   * the answers that are under way, and resolves once nothing is.
   * @param notice emitted as a warning
   */
  stop(notice: string): Promise<void>
  /**
   * Lets everything under way come to a clean end, then frees everything.
   * @param options `abort` gives up what is under way; the journal knows the requests that were sent
   */
  close(options?: { readonly abort?: boolean }): Promise<void>
  /** {@link close}, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>
}

/** The pipeline for the faces of this package, which keep to mode and budget by themselves. */
export interface InternalPipeline extends Pipeline {
  readonly originals: Originals
  /** {@link Pipeline.plan} as if these originals were there as well. */
  planWith(assumed: ReadonlyMap<Key, Original>, selection?: Selection): Promise<Plan>
  /**
   * Calls off an image of the runs under way while its request waits: for its turn, for a retry, for
   * another image or process. A request that was sent comes to its end.
   * @returns whether a run has the image
   */
  cancel(image: ImageId): boolean
  /**
   * What would be if a manifest had another text. Writes nothing, sends nothing.
   * @param file absolute path
   * @throws ManifestError with the faults of the text
   */
  preview(file: string, text: string): Promise<Preview>
}
