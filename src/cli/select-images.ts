import { stat } from 'node:fs/promises'
import path from 'node:path'
import glob from 'fast-glob'
import type { ResolvedOptions } from '../config/options.ts'
import { type ImageId, imageKey } from '../manifest/image-id.ts'
import { isManifestName, isYamlName, properManifestName } from '../manifest/source/manifest-name.ts'
import type { Pipeline } from '../pipeline/pipeline.ts'
import type { Selection } from '../pipeline/project/selection.ts'
import { projectPath } from '../system/project-path.ts'
import { nearest } from '../text/suggest.ts'
import type { CliContext, CommonFlags } from './command-session.ts'
import { UsageError } from './usage-error.ts'

interface SelectContext {
  readonly context: Pick<CliContext, 'cwd'>
  readonly flags: Pick<CommonFlags, 'allowEmpty'>
}

interface Argument {
  readonly text: string
  readonly files: readonly string[]
  /** The part behind `#`. */
  readonly name: string | undefined
}

/**
 * Turns the arguments of a command (manifests, globs, `manifest#image`, names of images) into a
 * selection.
 * Paths are relative to the working directory, as a shell completes them. No argument selects
 * every manifest of the project. Manifests are read only where an image is named.
 * @throws UsageError when an argument selects nothing, or there is nothing to select
 * @throws ManifestError when a manifest that has to be read has faults
 */
export async function selectImages(
  pipeline: Pick<Pipeline, 'discover' | 'manifest' | 'options'>,
  args: readonly string[],
  { context: { cwd }, flags: { allowEmpty = false } }: SelectContext,
): Promise<Selection> {
  const discovered = await pipeline.discover()
  if (args.length === 0) {
    if (discovered.length === 0 && !allowEmpty) throw await noManifestFound(pipeline.options)
    return {}
  }
  const parsed = await Promise.all(
    args.map(text => readArgument(text, { pipeline, discovered, cwd })),
  )
  const manifests = [...new Set(parsed.flatMap(argument => argument.files))]
  if (parsed.every(argument => argument.name === undefined)) return { manifests }
  const images = await Promise.all(parsed.map(argument => findImages(pipeline, argument)))
  return { manifests, images: uniqueImages(images.flat()) }
}

/** How people call manifests that are not called so. */
const MISNAMED = '**/*.{images,img,imagegen}.{yaml,yml}'

/** A check that finds nothing because it was started in the wrong folder must not look like a success. */
export async function noManifestFound({
  root,
  include,
  exclude,
}: ResolvedOptions): Promise<UsageError> {
  const [misnamed] = await glob(MISNAMED, { cwd: root, ignore: [...exclude] })
  if (misnamed !== undefined) {
    return new UsageError(
      `No manifest was found, but ${misnamed} looks like one. ${adviseName(misnamed)}`,
    )
  }
  return new UsageError(
    `No manifest was found: nothing below ${root} matches ${include.join(', ')}. Run this in the project, start with \`imagegen init\`, or add --allow-empty if there may be none.`,
  )
}

function adviseName(file: string): string {
  return `Rename it to ${properManifestName(file)}.`
}

interface ArgumentContext {
  readonly pipeline: Pick<Pipeline, 'manifest'>
  readonly discovered: readonly string[]
  readonly cwd: string
}

async function readArgument(
  text: string,
  { pipeline, discovered, cwd }: ArgumentContext,
): Promise<Argument> {
  const hash = text.lastIndexOf('#')
  const whole = hash === -1 || (await isFile(path.resolve(cwd, text)))
  const pattern = whole ? text : text.slice(0, hash)
  const files = await matchManifests(pattern, discovered, cwd)
  if (files.length === 0) {
    const bare = whole && isImageName(text) ? await findByName(pipeline, discovered, text) : []
    const [file] = bare
    if (file !== undefined && bare.length === 1) return { text, files: [file], name: text }
    if (bare.length > 1) throw ambiguousName(text, bare, cwd)
    const known = discovered.map(file => projectPath(cwd, file))
    if (known.length === 0) {
      throw new UsageError(
        `"${text}" selects no manifest: this project has none. Start with \`imagegen init\`.`,
      )
    }
    throw new UsageError(`"${text}" selects no manifest. ${suggestName(pattern, known)}`)
  }
  return { text, files, name: whole ? undefined : text.slice(hash + 1) }
}

/** Neither a path nor a glob nor a file's name. */
function isImageName(text: string): boolean {
  return !/[\\/*?{}[\].]/.test(text)
}

/** The manifests that have an image of this name. Faulty ones are left out unless nothing else has it. */
async function findByName(
  pipeline: Pick<Pipeline, 'manifest'>,
  discovered: readonly string[],
  name: string,
): Promise<readonly string[]> {
  const read = await Promise.allSettled(discovered.map(file => pipeline.manifest(file)))
  const found = discovered.filter((_, index) => {
    const result = read[index]
    return result?.status === 'fulfilled' && result.value.images.some(({ id }) => id.name === name)
  })
  const fault = read.find(result => result.status === 'rejected')
  if (found.length === 0 && fault) throw fault.reason
  return found
}

function ambiguousName(name: string, files: readonly string[], cwd: string): UsageError {
  const candidates = files.map(file => `${projectPath(cwd, file)}#${name}`).join(', ')
  return new UsageError(
    `"${name}" is an image of ${files.length} manifests. Write one of: ${candidates}.`,
  )
}

async function matchManifests(
  pattern: string,
  discovered: readonly string[],
  cwd: string,
): Promise<readonly string[]> {
  const file = path.resolve(cwd, pattern)
  if (await isFile(file)) {
    if (!isManifestName(file) && isYamlName(file) && !discovered.includes(file)) {
      throw new UsageError(`${pattern} is not named like a manifest. ${adviseName(pattern)}`)
    }
    return [file]
  }
  const matched = await glob(pattern.replaceAll('\\', '/'), { cwd, absolute: true, dot: true })
  const known = new Set(discovered)
  return matched.map(match => path.normalize(match)).filter(match => known.has(match))
}

async function findImages(
  pipeline: Pick<Pipeline, 'manifest'>,
  { text, files, name }: Argument,
): Promise<readonly ImageId[]> {
  const manifests = await Promise.all(files.map(file => pipeline.manifest(file)))
  const found = manifests.flatMap(manifest => manifest.images.map(image => image.id))
  if (name === undefined) return found
  const named = found.filter(id => id.name === name)
  if (named.length > 0) return named
  throw new UsageError(
    `"${text}" selects no image. ${suggestName(
      name,
      found.map(id => id.name),
    )}`,
  )
}

function suggestName(word: string, known: readonly string[]): string {
  const found = nearest(word, known)
  if (found !== undefined) return `Did you mean "${found}"?`
  return `Possible: ${known.slice(0, 6).join(', ')}${known.length > 6 ? ' …' : ''}.`
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    found => found.isFile(),
    () => false,
  )
}

function uniqueImages(images: readonly ImageId[]): ImageId[] {
  return [...new Map(images.map(id => [imageKey(id), id])).values()]
}
