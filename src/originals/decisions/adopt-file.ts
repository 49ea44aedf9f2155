import { stat } from 'node:fs/promises'
import { StoreError } from '../../errors/store-error.ts'
import { UnusablePictureError } from '../../errors/unusable-picture-error.ts'
import { formatImageId, type ImageId } from '../../manifest/image-id.ts'
import { storeFault, systemCode } from '../../system/system-error.ts'
import { formatBytes } from '../../text/format-bytes.ts'
import type { ProvenPicture } from '../original.ts'
import type { Adoption } from '../store/entry/decision.ts'
import { digestFile } from '../store/verification/digest-file.ts'
import { type Decided, type DecidedRequest, type DecisionDeps, storeDecided } from './decide.ts'
import { type AdoptedFile, adoptedEntry } from './decided-entry.ts'

/** A file that can be adopted, decoded in full, and why it may not have been, as a sentence. */
export interface AdoptableFile extends AdoptedFile, Pick<ProvenPicture, 'undecoded'> {
  /** Absolute path. */
  readonly path: string
}

/**
 * Decodes a file in full. Writes nothing.
 * @param limit bytes
 * @throws StoreError, UnusablePictureError
 */
export async function inspectFile(
  path: string,
  image: ImageId,
  { prove, limit }: Pick<DecisionDeps, 'prove'> & { readonly limit: number },
): Promise<AdoptableFile> {
  const subject = formatImageId(image)
  const size = await sizeOf(path, subject)
  if (size > limit) {
    throw new StoreError(
      `${subject}: ${path} has ${formatBytes(size)}. Adopted files have at most ${formatBytes(limit)} (\`limits.answerBytes\`).`,
    )
  }
  try {
    const proof = await prove(path)
    return { ...proof, path, size, digest: await digestFile(path) }
  } catch (error) {
    if (!(error instanceof UnusablePictureError)) {
      throw storeFault(`${subject}: ${path} can't be read`, error)
    }
    throw new UnusablePictureError(
      `${subject}: ${path} cannot be adopted. ${error.message} Save it again, or choose another file.`,
      { cause: error },
    )
  }
}

async function sizeOf(path: string, subject: string): Promise<number> {
  try {
    const info = await stat(path)
    if (info.isFile()) return info.size
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw storeFault(`${subject}: ${path} can't be read`, error)
    throw new StoreError(`${subject}: the file ${path} does not exist. Check its path.`, {
      cause: error,
    })
  }
  throw new StoreError(`${subject}: ${path} is not a file. Name a picture.`)
}

/**
 * Makes a picture the original of a request that has none. Requests nothing.
 * @throws StoreError, CorruptOriginalError, NewerVersionError
 */
export function adoptFile(
  wanted: DecidedRequest,
  { path, ...file }: AdoptableFile,
  { adoption, deps }: { readonly adoption: Adoption; readonly deps: DecisionDeps },
): Promise<Decided> {
  return storeDecided(wanted, deps, {
    path,
    entry: async () =>
      adoptedEntry(file, wanted, {
        ...adoption,
        attempts: await deps.journal.read(wanted.key),
        createdAt: deps.clock.date().toISOString(),
      }),
  })
}
