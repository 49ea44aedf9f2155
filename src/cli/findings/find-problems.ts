import pLimit from 'p-limit'
import { ImagegenError } from '../../errors/imagegen-error.ts'
import { ManifestError } from '../../errors/manifest-error.ts'
import { findFileClashes } from '../../manifest/expand/names/file-clashes.ts'
import { formatImageId, type ImageId, imageKey } from '../../manifest/image-id.ts'
import { IS_LFS_POINTER } from '../../manifest/source/lfs-pointer.ts'
import type { SourcePosition } from '../../manifest/source/source-text.ts'
import type { InspectedImage, InspectedManifest } from '../../pipeline/inspect.ts'
import { verifyPicture } from '../../pipeline/pictures/image-picture.ts'
import type { Pipeline } from '../../pipeline/pipeline.ts'
import type { Selection } from '../../pipeline/project/selection.ts'
import { refuseOtherSize } from '../../pipeline/run/check-size.ts'
import { syncTypes } from '../../pipeline/types/sync-types.ts'
import { explainState } from '../../plan/explain-state.ts'
import type { PlannedImage } from '../../plan/plan.ts'
import { projectPath } from '../../system/project-path.ts'
import { type Problem, problemsIn } from '../output/problem.ts'
import { findSchemaProblem } from './schema-problem.ts'

export interface Findings {
  readonly problems: readonly Problem[]
  readonly manifests: number
  readonly images: number
}

/** Manifests that are read at once, and pictures that are checked. */
const CHECKS = 16

/** Looks at everything that is selected, and lists all that is wrong rather than the first. */
export async function findProblems(pipeline: Pipeline, selection: Selection): Promise<Findings> {
  const files = selection.manifests ?? (await pipeline.discover())
  const limit = pLimit(CHECKS)
  const read = await Promise.all(files.map(file => limit(() => readManifest(pipeline, file))))
  const problems = read.flatMap(manifest => manifest.problems)
  const known = new Map<string, InspectedManifest>()
  let images = 0
  for (const { file, name } of read) {
    if (name === undefined) continue
    try {
      const inspected = await pipeline.inspect(file)
      known.set(file, inspected)
      const wanted = inspected.images.filter(({ planned: { id } }) => selects(selection, id))
      images += wanted.length
      const found = wanted.map(image => limit(() => checkImage(pipeline, image)))
      problems.push(...(await Promise.all(found)).flat())
    } catch (error) {
      problems.push(...problemsOf(error, { file: name, line: 1, column: 1 }))
    }
  }
  const all = [...known.values()].flatMap(({ manifest }) => manifest.images)
  problems.push(...problemsIn(new ManifestError(findFileClashes(all))))
  const seen = {
    ...pipeline,
    discover: async () => files,
    inspect: async (file: string) => known.get(file) ?? pipeline.inspect(file),
  }
  problems.push(...(await checkTypes(seen, selection)))
  return { problems: uniqueProblems(problems), manifests: files.length, images }
}

/** Its path relative to the project root is missing when it cannot be read. */
async function readManifest(
  pipeline: Pipeline,
  file: string,
): Promise<{ file: string; name?: string; problems: readonly Problem[] }> {
  try {
    const { path: name } = await pipeline.manifest(file)
    return { file, name, problems: await findSchemaProblem(file, name) }
  } catch (error) {
    const where = { file: relative(pipeline, file), line: 1, column: 1 }
    return { file, problems: problemsOf(error, where) }
  }
}

function selects({ images }: Selection, id: ImageId): boolean {
  return images?.some(wanted => imageKey(wanted) === imageKey(id)) ?? true
}

async function checkImage(
  { originals, options }: Pipeline,
  { planned, picture }: InspectedImage,
): Promise<readonly Problem[]> {
  const { id, image } = planned
  const where = { file: id.manifest, ...image.at, image: id.name }
  const found = findStateProblem(planned)
  if (found) return [{ ...where, ...found }]
  try {
    if (picture) {
      const { original } = picture
      if (original && options.onSizeMismatch === 'error') refuseOtherSize(image, original.entry)
      await verifyPicture(picture, originals)
    }
    return []
  } catch (error) {
    return problemsOf(error, where)
  }
}

/** Undefined when it is ready. */
function findStateProblem({
  id,
  status,
}: PlannedImage): Pick<Problem, 'code' | 'message'> | undefined {
  const { name } = id
  const reason = explainState(status)
  // Inside a sentence of ours.
  const clause = reason?.replace(/\.$/, '')
  switch (status.state) {
    case 'ready':
      return undefined
    case 'failed':
      return { code: status.code ?? 'ORIGINAL_MISSING', message: status.problem }
    case 'missing':
    case 'blocked': {
      const why = clause ? ` (${clause})` : ''
      const message = `${name} is missing${why}. Run \`imagegen generate\` and commit the result.`
      return { code: 'ORIGINAL_MISSING', message }
    }
    case 'uncertain': {
      const message = `${name} is missing and may have been billed: ${clause}. Run \`imagegen generate --retry-uncertain\`.`
      return { code: 'ORIGINAL_UNCERTAIN', message }
    }
    case 'corrupt':
      return { code: 'ORIGINAL_CORRUPT', message: describeCorrupt(name, status.problem) }
    case 'refused': {
      const message = `${name} is missing: the API refused it. ${reason} Change the image, or run \`imagegen generate --again ${formatImageId(id)}\` to request it again.`
      return { code: 'ORIGINAL_REFUSED', message }
    }
    case 'newer':
      return { code: 'NEEDS_NEWER_VERSION', message: `${name}: ${reason}` }
    case 'unusable': {
      const message = `${name} is missing: the API's answer held no usable picture. ${reason} Run \`imagegen recover\` to check the answer again, or \`imagegen generate --again ${formatImageId(id)}\` to request it again.`
      return { code: 'ANSWER_UNUSABLE', message }
    }
  }
}

function describeCorrupt(name: string, reason: string): string {
  if (reason.includes(IS_LFS_POINTER)) return `${name} cannot be read: ${reason}`
  return `${name} is corrupt: ${reason}. Restore ${'`.imagegen`'} from version control or a backup.`
}

async function checkTypes(
  pipeline: Pipeline,
  { manifests }: Selection,
): Promise<readonly Problem[]> {
  const report = await syncTypes(pipeline, { dryRun: true, ...(manifests && { manifests }) })
  // Who keeps no types in version control has none to be out of date.
  const kept = report.current + report.removed.length > 0 || report.written.some(it => it.existed)
  if (!kept) return []
  const wrong = report.written.filter(({ isMinor }) => !isMinor)
  const advice = 'Run `imagegen sync` and commit the result.'
  return [
    ...wrong.map(({ file, manifest }) => ({
      file: manifest,
      line: 1,
      column: 1,
      code: 'TYPES_STALE',
      message: `The types in ${file} are missing or out of date. ${advice}`,
    })),
    ...report.removed.map(file => ({
      file,
      line: 1,
      column: 1,
      code: 'TYPES_STALE',
      message: `These types belong to a manifest that no longer exists. ${advice}`,
    })),
  ]
}

/** Errors that name their places give a problem for each; unforeseen ones stay errors. */
function problemsOf(
  error: unknown,
  fallback: { readonly file: string; readonly image?: string } & SourcePosition,
): readonly Problem[] {
  if (error instanceof ManifestError) return problemsIn(error)
  if (!(error instanceof ImagegenError)) throw error
  return [{ ...fallback, code: error.code, message: error.message }]
}

function relative({ options: { root } }: Pipeline, file: string): string {
  return file.startsWith(root) ? projectPath(root, file) : file
}

/** A reference shared by many images is named once. */
function uniqueProblems(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map(problem => [JSON.stringify(problem), problem])).values()]
}
