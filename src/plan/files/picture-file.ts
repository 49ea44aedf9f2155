import { open, realpath, stat } from 'node:fs/promises'
import path from 'node:path'
import { IS_LFS_POINTER, isLfsPointer, PULL_LFS } from '../../manifest/source/lfs-pointer.ts'
import type { PictureFormat } from '../../system/picture-format.ts'
import { sniffFormat, sniffOther } from '../sniff-format.ts'
import { findSimilarPath } from './similar-path.ts'

/** Bytes that tell pictures and Git LFS pointers from everything else. */
const HEAD_LENGTH = 100

export interface PictureFile {
  /** Absolute, after symbolic links are resolved. */
  readonly real: string
  /** Bytes. */
  readonly size: number
  /** As its first bytes announce it; undefined when they are no picture's. */
  readonly format: PictureFormat | undefined
  /** What to do about a file that is no picture, as a sentence. */
  readonly advice: string | undefined
}

/** Absolute paths. */
export interface PictureBounds {
  /** Of the project. */
  readonly root: string
  /** The folder that must hold the file after symbolic links are resolved. @default root */
  readonly within?: string | undefined
}

export interface PictureFileOptions extends PictureBounds {
  /** `references`, for messages. */
  readonly what: string
  /** The formats that are taken: `PNG, JPEG or WebP`. */
  readonly formats: string
  /** Makes the error of a problem, which is the end of a sentence about the file. */
  fail(problem: string, cause?: unknown): Error
}

/** Finds a picture file that a manifest names, and reads its first bytes. */
export async function findPictureFile(
  file: string,
  { root, within = root, what, formats, fail }: PictureFileOptions,
): Promise<PictureFile> {
  const real = await realpath(file).catch(async cause => {
    throw fail(await explainAbsence(file, root, what), cause)
  })
  const realRoot = await realpath(within)
  if (!real.startsWith(realRoot + path.sep)) {
    throw fail(
      within === root
        ? 'lies outside the project. Copy the picture into the project.'
        : 'lies outside its package. A package can refer only to its own files.',
    )
  }
  const info = await stat(real)
  if (!info.isFile()) throw fail(`is not a regular file. Name a ${formats} file.`)
  const signature = await readSignature(real)
  if (isLfsPointer(signature)) throw fail(`${IS_LFS_POINTER}. ${PULL_LFS}`)
  return { real, size: info.size, format: sniffFormat(signature), advice: adviceOn(signature) }
}

function adviceOn(signature: Uint8Array): string | undefined {
  const other = sniffOther(signature)
  if (other === 'empty') return 'The file is empty: save or download the picture again.'
  if (other === undefined || other === 'SVG') return undefined
  return `The file holds ${other}, such as a server's error page: download the picture itself.`
}

async function explainAbsence(file: string, root: string, what: string): Promise<string> {
  const similar = await findSimilarPath(root, file)
  return similar === undefined
    ? `does not exist. Paths of ${what} are relative to their manifest.`
    : `does not exist, but ${similar} does. It differs only in upper and lower case or its Unicode form. Write that name.`
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
