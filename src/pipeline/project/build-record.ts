import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import * as v from 'valibot'
import type { Options, ResolvedOptions } from '../../config/options.ts'
import type { ResolvedProvider } from '../../config/provider/resolved-provider.ts'
import { sha256 } from '../../system/digest.ts'
import { exists } from '../../system/files/present-file.ts'
import { writeAtomically } from '../../system/files/write-atomically.ts'

const recordSchema = v.object({
  version: v.literal(1),
  /** Which bundler's plugin wrote it. */
  host: v.string(),
  /** Absolute path of the bundler's root. */
  start: v.string(),
  /** The process: what one process writes belongs together, and replaces what came before. */
  run: v.string(),
  /** ISO 8601. */
  time: v.string(),
  /** Absolute path of the project that a command finds from the bundler's root. */
  project: v.string(),
  /** State of its configuration file then. */
  config: v.string(),
  /** Names of the options that the plugin was given. */
  inline: v.array(v.string()),
  /** What they led to. */
  options: v.object({
    root: v.string(),
    include: v.array(v.string()),
    exclude: v.array(v.string()),
    cacheDir: v.string(),
    model: v.string(),
    /** Name of a provider of one's own that belongs to keys; empty: an API in OpenAI's form. */
    use: v.optional(v.string(), ''),
    /** The same of each further provider. */
    providers: v.optional(
      v.record(v.string(), v.object({ use: v.string(), model: v.string() })),
      {},
    ),
    output: v.record(v.string(), v.unknown()),
  }),
  /** Absolute paths of the manifests that builds used. */
  manifests: v.array(v.string()),
})

/**
 * What one plugin instance left behind: the options that it came to, and the manifests that it used.
 * By these a command notices that it was started with others, and `prune` knows what builds match.
 */
export type BuildRecord = v.InferOutput<typeof recordSchema>

/** The options by which a command may act on something else than builds do. */
export type RecordedOptions = BuildRecord['options']

export function recordedOptions({
  provider,
  providers,
  output,
  ...options
}: ResolvedOptions): RecordedOptions {
  const { root, include, exclude, cacheDir } = options
  const identify = ({ use, model }: ResolvedProvider) => ({ use: use?.name ?? '', model })
  return {
    ...identify(provider),
    providers: Object.fromEntries(
      Object.entries(providers).map(([name, named]) => [name, identify(named)]),
    ),
    root,
    include: [...include],
    exclude: [...exclude],
    cacheDir,
    output: { ...output },
  }
}

/** Which of the recorded options were given to the plugin itself. */
export function inlineNames(inline: Options): readonly string[] {
  const { root, include, exclude, cacheDir, provider = {}, providers, output } = inline
  const { model, use } = provider
  const given = { root, include, exclude, cacheDir, model, use, providers, output }
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [name]))
}

/** Changes whenever a configuration file does, and when it comes or goes. */
export async function configState(file: string | undefined): Promise<string> {
  if (file === undefined) return 'none'
  const text = await readFile(file).catch(() => undefined)
  return text ? sha256(text) : 'none'
}

const folderOf = (cacheDir: string) => path.join(cacheDir, 'local', 'builds')

/** Absolute path of an instance's record: the same for the next build with the same options. */
export function recordFile(
  cacheDir: string,
  { host, start, inline, options }: BuildRecord,
): string {
  const identity = JSON.stringify([host, start, inline, options])
  const name = sha256(identity).slice(0, 16)
  return path.join(folderOf(cacheDir), `${name}.json`)
}

/** Writes a record beside those of others, with the manifests that earlier builds used and that are still there. */
export async function writeRecord(cacheDir: string, record: BuildRecord): Promise<void> {
  const file = recordFile(cacheDir, record)
  const before = await readRecord(file)
  const manifests = await presentOf([...(before?.manifests ?? []), ...record.manifests])
  await writeAtomically(file, `${JSON.stringify({ ...record, manifests })}\n`)
  // Also where git does not know yet that a cache's local/ belongs to this machine.
  await writeAtomically(path.join(folderOf(cacheDir), '.gitignore'), '*\n')
}

export interface StoredRecord extends BuildRecord {
  /** Absolute path. */
  readonly file: string
}

/** The records in a cache directory whose bundler's root is still there, with the manifests that are. */
export async function readRecords(cacheDir: string): Promise<readonly StoredRecord[]> {
  const folder = folderOf(cacheDir)
  const names = await readdir(folder).catch(() => [])
  const records: StoredRecord[] = []
  for (const name of names.filter(name => name.endsWith('.json')).sort()) {
    const file = path.join(folder, name)
    const record = await readRecord(file)
    if (!record || !(await exists(record.start))) continue
    records.push({ ...record, manifests: await presentOf(record.manifests), file })
  }
  return records
}

/** One of another version, or half of one, tells nothing. */
async function readRecord(file: string): Promise<BuildRecord | undefined> {
  try {
    const parsed = v.safeParse(recordSchema, JSON.parse(await readFile(file, 'utf8')))
    return parsed.success ? parsed.output : undefined
  } catch {
    return undefined
  }
}

async function presentOf(files: readonly string[]): Promise<string[]> {
  const present: string[] = []
  for (const file of new Set(files)) if (await exists(file)) present.push(file)
  return present.sort()
}
