import { open, readFile, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { ReferenceFileError } from '../errors/reference-file-error.ts'
import { IS_LFS_POINTER, isLfsPointer, PULL_LFS } from '../manifest/source/lfs-pointer.ts'
import { type Digest, sha256 } from '../system/digest.ts'
import { isReferenceFormat } from '../system/picture-format.ts'
import { projectPath } from '../system/project-path.ts'
import type { ReferencePicture } from './reference-picture.ts'
import { findSimilarPath } from './similar-path.ts'
import { sniffFormat } from './sniff-format.ts'

/** The most bytes of all references of one image: the API's limit for one upload. */
export const MAX_REFERENCE_BYTES = 50_000_000

/** Bytes that tell PNG, JPEG, WebP and Git LFS pointers from everything else. */
const HEAD_LENGTH = 100

/**
 * Opens a reference file and digests its bytes. It is decoded later, before it is sent.
 * @param subject what refers to it, for messages: `site.image.yaml:7:11 (hero)`
 * @param file absolute path
 * @param bounds absolute paths: `root` is the project's; `within`, by default the same, is the folder
 * that must hold the file after symbolic links are resolved
 * @throws ReferenceFileError
 */
export async function openReferenceFile(
  subject: string,
  file: string,
  { root, within = root }: { readonly root: string; readonly within?: string | undefined },
): Promise<ReferencePicture> {
  const shown = projectPath(root, file)
  const fail = (problem: string, cause?: unknown) =>
    new ReferenceFileError(`${subject}: reference ${shown} ${problem}`, { cause })

  const real = await realpath(file).catch(async cause => {
    throw fail(await explainAbsence(file, root), cause)
  })
  const realRoot = await realpath(within)
  if (!real.startsWith(realRoot + path.sep)) {
    throw fail(
      within === root
        ? 'lies outside the project. Copy the picture into the project.'
        : 'lies outside its package, which can refer to its own files only.',
    )
  }
  const info = await stat(real)
  if (!info.isFile()) throw fail('is not a regular file. Name a PNG, JPEG or WebP file.')
  if (info.size > MAX_REFERENCE_BYTES) {
    throw fail(
      `has ${info.size} bytes; the limit is ${MAX_REFERENCE_BYTES}. Use a smaller picture.`,
    )
  }
  const signature = await readSignature(real)
  if (isLfsPointer(signature)) throw fail(`${IS_LFS_POINTER}. ${PULL_LFS}`)
  const format = sniffFormat(signature)
  if (!isReferenceFormat(format)) throw fail('is not a PNG, JPEG or WebP picture.')
  const digest = digestOf(await readFile(real))
  return {
    fileName: path.basename(file),
    type: `image/${format}`,
    digest,
    size: info.size,
    async bytes() {
      const bytes = await readFile(real)
      if (digestOf(bytes) !== digest) throw fail('changed while it was being used. Build again.')
      return bytes
    },
  }
}

async function explainAbsence(file: string, root: string): Promise<string> {
  const similar = await findSimilarPath(root, file)
  return similar === undefined
    ? 'does not exist. Paths of references are relative to their manifest.'
    : `does not exist, but ${similar} does, which differs in upper and lower case or in its Unicode form only. Write that name.`
}

async function readSignature(file: string): Promise<Buffer> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_LENGTH))
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

function digestOf(bytes: Uint8Array): Digest {
  return sha256(bytes)
}
