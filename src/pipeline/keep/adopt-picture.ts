import path from 'node:path'
import { ManifestWriteError } from '../../errors/manifest-write-error.ts'
import { SizeMismatchError } from '../../errors/size-mismatch-error.ts'
import { StoreError } from '../../errors/store-error.ts'
import { setRevision } from '../../manifest/edit/edit-revision.ts'
import { rewriteManifest } from '../../manifest/edit/rewrite-manifest.ts'
import { formatImageId, type ImageId } from '../../manifest/image-id.ts'
import type { ManifestImage } from '../../manifest/manifest.ts'
import { findExportedFile } from '../../manifest/packages/find-package.ts'
import type { AdoptableFile } from '../../originals/decisions/adopt-file.ts'
import type { PlannedImage } from '../../plan/plan.ts'
import { sizeProblem, sizeWarning } from '../run/check-size.ts'
import { type DecidingDeps, planOwn, undecidable } from './deciding.ts'
import type { AdoptOptions, AdoptReport } from './decision-report.ts'

/** An image whose key is known. */
type Decidable = PlannedImage & Required<Pick<PlannedImage, 'key' | 'request'>>

interface Adopting {
  readonly deps: DecidingDeps
  readonly file: AdoptableFile
  readonly ai: boolean
}

/**
 * Takes a picture that was made elsewhere as the original of an image's present request; where that
 * has one already, of its next revision, which is written into the manifest.
 * @param file absolute path
 */
export async function adoptPicture(
  deps: DecidingDeps,
  { manifest, name }: ImageId,
  { file: given, ai = false, dryRun = false }: AdoptOptions & { readonly file: string },
): Promise<AdoptReport> {
  const image = { manifest, name }
  const { root, limits } = deps.options
  const selection = { manifests: [path.join(root, manifest)], images: [image] }
  const present = requireDecidable((await planOwn(selection, deps))[0], image)
  const file = await deps.originals.decisions.inspectFile(given, image, limits.answerBytes)
  const warnings = findWarnings(present.image, file, deps)
  const { format, width, height } = file
  const facts = { dryRun, image, warnings, format, width, height }
  if (await holds(present, file, deps)) {
    const { key, request } = present
    const { revision } = request
    return { ...facts, outcome: 'present', key, revision, writesRevision: false }
  }
  const writesRevision = present.status.state === 'ready'
  if (writesRevision) await checkEditable(manifest, deps)
  const wanted = writesRevision ? await nextRevision(present.image, deps) : present
  if (!dryRun) {
    const adopting: Adopting = { deps, file, ai }
    if (writesRevision) await adoptAsNext(wanted, present.request.revision, adopting)
    else await adopt(wanted, undefined, adopting)
  }
  const { key, request } = wanted
  return { ...facts, outcome: 'adopted', key, revision: request.revision, writesRevision }
}

/** @throws ManifestWriteError for a manifest that a package gives */
async function checkEditable(manifest: string, { options }: DecidingDeps): Promise<void> {
  const { root } = options
  const found = await findExportedFile(path.join(root, manifest), root)
  if (!found) return
  throw new ManifestWriteError(
    `${manifest} belongs to the package ${found.package.name}, which is read-only here, so its revision cannot change. Edit it in the package's own repository, or give the project its own image.`,
  )
}

function requireDecidable(planned: PlannedImage | undefined, image: ImageId): Decidable {
  const problem = planned && undecidable(planned)
  if (problem !== undefined) throw new StoreError(problem)
  if (planned?.key !== undefined && planned.request) {
    return { ...planned, key: planned.key, request: planned.request }
  }
  throw new StoreError(`${formatImageId(image)} changed meanwhile. Run again.`)
}

async function holds(
  { key, status }: Decidable,
  { digest }: AdoptableFile,
  { originals }: DecidingDeps,
): Promise<boolean> {
  if (status.state !== 'ready') return false
  const found = await originals.status(key)
  return found.state === 'ready' && found.original.entry.digest === digest
}

/** The lowest revision above an image's own that nothing is known of. */
async function nextRevision(
  image: ManifestImage,
  { planImages }: DecidingDeps,
): Promise<Decidable> {
  const { manifest, name } = image.id
  for (let revision = image.revision + 1; ; revision += 1) {
    const id = { manifest, name, revision }
    const { images } = await planImages([{ ...image, id, revision }])
    const own = requireDecidable(
      images.find(planned => planned.id.revision === revision),
      id,
    )
    if (own.status.state === 'missing') return own
  }
}

/** The manifest names the revision only once its picture is there, and both stay as they were otherwise. */
async function adoptAsNext(wanted: Decidable, before: number, adopting: Adopting): Promise<void> {
  const { deps } = adopting
  const { manifest: name, ...id } = wanted.id
  const file = path.join(deps.options.root, name)
  const { single } = await deps.manifest(file)
  const { revision } = wanted.request
  let isStored = false
  try {
    await rewriteManifest(file, async text => {
      const edited = setRevision(text, single ? undefined : id.name, revision, name)
      await adopt(wanted, before, adopting)
      isStored = true
      return edited
    })
  } catch (error) {
    if (isStored) await deps.originals.decisions.undo(asRequest(wanted), { kind: 'adopted' })
    throw error
  }
}

async function adopt(
  wanted: Decidable,
  replaces: number | undefined,
  { deps, file, ai }: Adopting,
): Promise<void> {
  const { originals } = deps
  const adoption = {
    file: path.basename(file.path),
    ai,
    ...(replaces !== undefined && { replaces }),
  }
  const { outcome, original } = await originals.decisions.adopt(asRequest(wanted), file, adoption)
  if (outcome === 'stored' || original.entry.digest === file.digest) return
  throw new StoreError(
    `${formatImageId(wanted.id)} got another picture meanwhile, from another process or machine. That picture stays. Run again to adopt yours as the next revision.`,
  )
}

function asRequest({ key, request, id: image }: Decidable) {
  return { key, request, image }
}

/** @throws SizeMismatchError when another size is an error: unlike an answer, the file is there anyway */
function findWarnings(
  image: ManifestImage,
  { format, undecoded, ...size }: AdoptableFile,
  { options: { onSizeMismatch } }: DecidingDeps,
): readonly string[] {
  const subject = formatImageId(image.id)
  const warnings: string[] = []
  const problem = sizeProblem(image, { format, ...size })
  if (problem !== undefined && onSizeMismatch === 'error') {
    throw new SizeMismatchError(
      `${problem} It was not adopted. Set \`onSizeMismatch\` to "warn" to use it, or adopt a picture of the requested size.`,
    )
  }
  if (problem !== undefined && onSizeMismatch === 'warn') warnings.push(sizeWarning(problem))
  if (undecoded !== undefined) {
    warnings.push(
      `${subject}: ${undecoded} It is kept as an original, and will be decoded once the limit allows it.`,
    )
  }
  if (format !== 'png') {
    warnings.push(
      `${subject}: the picture is a ${format.toUpperCase()}. The file is kept unchanged and converted where another format is needed.`,
    )
  }
  return warnings
}
