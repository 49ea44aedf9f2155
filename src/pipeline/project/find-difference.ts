import { isDeepStrictEqual } from 'node:util'
import type { Options } from '../../config/options.ts'
import { inlineNames, type RecordedOptions, type StoredRecord } from './build-record.ts'

/** The options of a command. */
export interface CommandOptions {
  /** Absolute path of the project that was found. */
  readonly project: string
  /** State of its configuration file now. */
  readonly config: string
  /** What the configuration file and the command's flags say. */
  readonly given: Options
  readonly resolved: RecordedOptions
}

export interface OptionsDifference {
  /** Names of the options, as they are written: `provider.model`. */
  readonly options: readonly string[]
  /** The record of the plugin instance that has others. */
  readonly record: StoredRecord
}

type OptionName = keyof RecordedOptions

/**
 * Finds options that were given to a plugin of the same project and that a command does not come
 * to. Pure. What a configuration file says that was edited since then counts as moved there.
 */
export function findDifference(
  records: readonly StoredRecord[],
  command: CommandOptions,
): OptionsDifference | undefined {
  const instances = latestOfEach(records.filter(({ project }) => project === command.project))
  const said = new Set(inlineNames(command.given))
  for (const record of instances) {
    const wasEdited = record.config !== command.config
    const options = record.inline
      .filter((name): name is OptionName => name in record.options)
      .filter(name => !(wasEdited && said.has(name)))
      .filter(name => !agrees(name, record, instances, command.resolved))
    if (options.length > 0) return { options: options.map(writtenName), record }
  }
  return undefined
}

/** Of each bundler in each folder, what its last process left: one configuration may have several plugins. */
function latestOfEach(records: readonly StoredRecord[]): readonly StoredRecord[] {
  const byTime = records.toSorted((a, b) => (a.time < b.time ? -1 : 1))
  const runs = new Map(byTime.map(({ host, start, run }) => [`${host} ${start}`, run]))
  return byTime.filter(({ host, start, run }) => runs.get(`${host} ${start}`) === run)
}

function agrees(
  name: OptionName,
  { options }: StoredRecord,
  instances: readonly StoredRecord[],
  command: RecordedOptions,
): boolean {
  const others = instances.map(instance => instance.options)
  // Several instances share the manifests among them: a command has to take those of all.
  if (name === 'include') {
    return isDeepStrictEqual(
      new Set(others.flatMap(({ include }) => include)),
      new Set(command.include),
    )
  }
  if (isDeepStrictEqual(options[name], command[name])) return true
  // What instances differ in can't be written into one file; it changes no request.
  const isFree = name === 'exclude' || name === 'output'
  return isFree && others.some(other => !isDeepStrictEqual(other[name], options[name]))
}

function writtenName(name: OptionName): string {
  return name === 'model' || name === 'use' ? `provider.${name}` : name
}
