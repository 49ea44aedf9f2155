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
   * What happens to images that are missing: `generate` buys them, `frozen` fails and lists them,
   * `draft` draws stand-ins. The environment variable `IMAGEGEN_MODE` wins.
   * @default 'generate'
   */
  mode?: Mode
  /**
   * Project root: manifests, references and relative paths are looked up below it. Relative to the
   * configuration file in which it stands, `imagegen.config.*` or the bundler's.
   * @default from the bundler's root or the working directory upwards: the nearest `imagegen.config.*`, else `.imagegen`, else `package.json`
   */
  root?: string
  /**
   * Globs of manifests, relative to `root`.
   * @default ['**\/*.image.{yaml,yml}']
   */
  include?: string | readonly string[]
  /**
   * Globs that are left out, relative to `root`.
   * @default ['**\/node_modules/**', '**\/dist/**']
   */
  exclude?: string | readonly string[]
  /** Who makes the pictures, and how patiently they are asked. */
  provider?: ProviderOptions
  /**
   * Further ones, by the name that a manifest's `provider:` gives. Each has limits of its own; the
   * budget is one.
   * @default none
   */
  providers?: Readonly<Record<string, ProviderOptions>>
  /**
   * Where originals are kept, relative to `root`. Commit it, or share it through `store`.
   * @default '.imagegen'
   */
  cacheDir?: string
  /**
   * Where renditions and parsed manifests are kept, relative to `root`. Disposable.
   * @default 'node_modules/.cache/unplugin-imagegen'
   */
  renditionsDir?: string
  /** Output settings for images that do not say otherwise: `formats`, `widths` … as in a manifest, but `file`. */
  output?: OutputOptions
  /** A bucket behind the cache directory, for a team and its CI. `IMAGEGEN_STORE=s3://bucket/prefix` wins. */
  store?: StoreOptions
  /**
   * Where exact types of manifests are written: a `mirror` tree in the cache directory, `sidecar`
   * files beside the manifests, or nowhere.
   * @default 'mirror'
   */
  types?: 'mirror' | 'sidecar' | false
  /** Bounds on what is requested. */
  budget?: BudgetOptions
  /** Bounds on what comes in. */
  limits?: LimitOptions
  /**
   * What to do when a decoded picture has other dimensions than were asked for.
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
   * Put before every object's name.
   * @default ''
   */
  prefix?: string
  /**
   * Endpoint of an S3-compatible service; AWS when absent.
   * @default none
   */
  endpoint?: string
  /**
   * Region of the bucket.
   * @default the AWS SDK's own
   */
  region?: string
  /**
   * `read-only` never writes, never leases, and waits for nobody.
   * @default 'read-write'
   */
  access?: 'read-write' | 'read-only'
  /**
   * `false`: when the store cannot be reached, warn and go on with the cache directory alone.
   * @default true
   */
  required?: boolean
}

/** Bounds on what is requested, and prices for estimates. */
export interface BudgetOptions {
  /**
   * How many images may be requested within any 60 minutes, by all processes on one cache directory.
   * A run reserves its whole plan before its first request; `imagegen generate --budget N` bounds that
   * run alone instead. What may have been billed counts, what certainly was not does not.
   * @default 100
   */
  images?: number
  /**
   * How much may be spent within any 60 minutes, by all processes on one cache directory, in
   * `currency`. It works as `images` does, by what pictures are expected to cost and then by what they
   * did; every image needs a price. `imagegen generate --spend AMOUNT` bounds that run alone instead.
   * @default none
   */
  spend?: number
  /**
   * Currency of `prices` and of every cost, as ISO 4217 names it.
   * @default 'USD'
   */
  currency?: string
  /**
   * What pictures cost, by model: of one picture by size (and quality), or of a million tokens, as
   * `{ input, output, estimate }`. A size beside the models holds for every model. What a gateway
   * says in `usage.cost` wins.
   * @default {}
   */
  prices?: Prices
}

/** Bounds on what comes in. */
export interface LimitOptions {
  /**
   * Largest answer, in bytes.
   * @default 268_435_456
   */
  answerBytes?: number
  /**
   * Longest side of a picture that an API answers with, in pixels. References are not bounded by it.
   * @default 3_840
   */
  pixels?: number
  /**
   * The most pixels of a source image (`source:`), width times height.
   * @default 100_000_000
   */
  sourcePixels?: number
}

/** How the development server generates, and for whom. */
export interface DevOptions {
  /**
   * `auto` buys what a page imports; `manual` buys on demand only, in the gallery.
   * @default 'auto'
   */
  generate?: 'auto' | 'manual'
  /**
   * Whose requests may start images and see the gallery: `local`, those of this machine under its own
   * names and those that the server's `allowedHosts` lists; `network`, those of every machine. Pages of
   * other sites never may. Others get drafts and what exists.
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
