import type { OutputOptions, OutputSettings } from './output-settings.ts'

export type { OutputOptions } from './output-settings.ts'

import type { Prices } from './prices.ts'
import type { ProviderOptions } from './provider/provider-options.ts'
import type { ResolvedProvider } from './provider/resolved-provider.ts'

/** What happens to missing images: {@link Options.mode}. */
export type Mode = 'generate' | 'frozen' | 'draft'
/** The one options object: of the plugin, of `imagegen.config.*`, of the programmatic API. */
export interface Options {
  /**
   * What a build does about missing images: `generate` requests them, `frozen` fails and lists them,
   * `draft` draws stand-ins. The environment variable `IMAGEGEN_MODE` wins.
   * @default 'generate'
   */
  mode?: Mode
  /**
   * Project root. Manifests, references and relative paths lie below it. Relative to the
   * configuration file that sets it, `imagegen.config.*` or the bundler's.
   * @default from the bundler's root or the working directory upwards: the nearest `imagegen.config.*`, else `.imagegen`, else `package.json`
   */
  root?: string
  /**
   * Globs of manifests, relative to `root`.
   * @default ['**\/*.image.{yaml,yml}']
   */
  include?: string | readonly string[]
  /**
   * Globs of files that are no manifests of this project, relative to `root`.
   * @default ['**\/node_modules/**', '**\/dist/**']
   */
  exclude?: string | readonly string[]
  /** The API that generates pictures, with its limits and retries. */
  provider?: ProviderOptions
  /**
   * Further providers, by the name that `provider:` of a manifest uses. Each has its own limits.
   * All share one budget.
   * @default none
   */
  providers?: Readonly<Record<string, ProviderOptions>>
  /**
   * Folder of the originals, relative to `root`. Commit it, or share it through `store`.
   * @default '.imagegen'
   */
  cacheDir?: string
  /**
   * Folder of renditions and parsed manifests, relative to `root`. You can delete it at any time.
   * @default 'node_modules/.cache/unplugin-imagegen'
   */
  renditionsDir?: string
  /** Output settings of images that set no others: `formats`, `widths` … as in a manifest, except `file`. */
  output?: OutputOptions
  /**
   * A JSON file that builds write beside their pictures, such as `imagegen-manifest.json`, for backends
   * that make pages: it lists every image that `include` and `exclude` select, and all their pictures
   * are emitted, imported or not. Vite, Rollup, Rolldown, webpack, Rspack.
   * @default none
   */
  assets?: string
  /** A bucket behind the cache directory, for a team and its CI. `IMAGEGEN_STORE=s3://bucket/prefix` wins. */
  store?: StoreOptions
  /**
   * Where builds write exact types of manifests: to a `mirror` tree in the cache directory, to
   * `sidecar` files beside the manifests, or nowhere.
   * @default 'mirror'
   */
  types?: 'mirror' | 'sidecar' | false
  /** Limits on requests and spending. */
  budget?: BudgetOptions
  /** Limits on answers and pictures. */
  limits?: LimitOptions
  /**
   * What to do if a picture has other dimensions than requested.
   * @default 'warn'
   */
  onSizeMismatch?: 'ignore' | 'warn' | 'error'
  /** The development server. */
  dev?: DevOptions
}

/** A bucket behind the cache directory. */
export interface StoreOptions {
  /** The kind of store: an S3-compatible bucket. */
  type: 's3'
  /** Name of the bucket; it must exist. */
  bucket: string
  /**
   * Prefix of every object's name.
   * @default ''
   */
  prefix?: string
  /**
   * Endpoint of an S3-compatible service. Without it: AWS.
   * @default none
   */
  endpoint?: string
  /**
   * Region of the bucket.
   * @default the AWS SDK's own
   */
  region?: string
  /**
   * `read-only` never writes, takes no leases and waits for no other process.
   * @default 'read-write'
   */
  access?: 'read-write' | 'read-only'
  /**
   * `false`: if the store cannot be reached, warn and use only the cache directory.
   * @default true
   */
  required?: boolean
}

/** Limits on requests and spending, and prices for estimates. */
export interface BudgetOptions {
  /**
   * The number of images that may be requested within any 60 minutes, by all processes that use one
   * cache directory. A run reserves its whole plan before its first request. Requests that may have
   * been billed count; others do not. `imagegen generate --budget N` sets the limit of one run.
   * @default 100
   */
  images?: number
  /**
   * The amount that may be spent within any 60 minutes, by all processes that use one cache
   * directory, in `currency`. It counts the expected cost of a picture, and later its real cost. Every
   * image needs a price. `imagegen generate --spend AMOUNT` sets the limit of one run.
   * @default none
   */
  spend?: number
  /**
   * Currency of `prices` and of every cost, as an ISO 4217 code.
   * @default 'USD'
   */
  currency?: string
  /**
   * Prices by model: of one picture by size (and quality), or of a million tokens as
   * `{ input, output, estimate }`. A size outside the models applies to every model. `usage.cost` in
   * an answer wins.
   * @default {}
   */
  prices?: Prices
}

/** Limits on answers and pictures. */
export interface LimitOptions {
  /**
   * Largest answer, in bytes.
   * @default 268_435_456
   */
  answerBytes?: number
  /**
   * Longest side of a generated picture, in pixels. It does not apply to references.
   * @default 3_840
   */
  pixels?: number
  /**
   * Largest source image (`source:`), in pixels: width times height.
   * @default 100_000_000
   */
  sourcePixels?: number
}

/** When the development server generates images, and for whom. */
export interface DevOptions {
  /**
   * `auto` generates the images that a page imports; `manual` generates only on demand, in the gallery.
   * @default 'auto'
   */
  generate?: 'auto' | 'manual'
  /**
   * Who may generate images and open the gallery: `local`, this machine under its own host names and
   * those in the server's `allowedHosts`; `network`, every machine. Pages of other sites never may.
   * Everyone else gets drafts and existing pictures.
   * @default 'local'
   */
  access?: 'local' | 'network'
}

/** {@link Options} with every default in place and every path absolute. */
export interface ResolvedOptions {
  readonly mode: Mode
  /** Whether a build may show drafts: not in CI, unless the environment asks for them by name. */
  readonly draftsAllowed: boolean
  readonly root: string
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  readonly provider: ResolvedProvider
  /** Further ones, by name. */
  readonly providers: Readonly<Record<string, ResolvedProvider>>
  readonly cacheDir: string
  readonly renditionsDir: string
  readonly output: OutputSettings
  readonly assets: string | undefined
  readonly store:
    | Readonly<
        Required<Omit<StoreOptions, 'endpoint' | 'region'>> &
          Pick<StoreOptions, 'endpoint' | 'region'>
      >
    | undefined
  readonly types: 'mirror' | 'sidecar' | false
  readonly budget: Readonly<Required<Omit<BudgetOptions, 'spend'>> & Pick<BudgetOptions, 'spend'>>
  readonly limits: Readonly<Required<LimitOptions>>
  readonly onSizeMismatch: 'ignore' | 'warn' | 'error'
  readonly dev: Readonly<Required<DevOptions>>
}
