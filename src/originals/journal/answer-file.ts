import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncDirectory } from '../../system/files/durable-file.ts'
import { syncHandle } from '../../system/files/sync-handle.ts'
import { systemCode } from '../../system/system-error.ts'

export const ANSWER_SUFFIX = '.answer'
export const PARTIAL_SUFFIX = '.answer.part'

/** The raw answer of one attempt while it arrives. */
export interface AnswerFile {
  /** After a fault the same chunk may be written again: it replaces the part that arrived. */
  write(chunk: Uint8Array): Promise<void>
  /** Syncs the answer and gives it its final name, which is returned: from now on the request counts as answered. */
  complete(): Promise<string>
  /** Ends writing; the bytes written so far stay. Does nothing after {@link complete}. */
  close(): Promise<void>
}

/** @param path without its suffix, which says whether the answer is whole */
export async function openAnswerFile(path: string): Promise<AnswerFile> {
  const partial = path + PARTIAL_SUFFIX
  const answer = path + ANSWER_SUFFIX
  const handle = await open(partial, 'wx')
  let isOpen = true
  let end = 0
  const close = async (): Promise<void> => {
    if (!isOpen) return
    isOpen = false
    await handle.close()
  }
  return {
    close,
    async write(chunk) {
      let written = 0
      while (written < chunk.length) {
        const left = chunk.length - written
        written += (await handle.write(chunk, written, left, end + written)).bytesWritten
      }
      end += written
    },
    async complete() {
      await syncHandle(handle)
      await close()
      try {
        await rename(partial, answer)
        await syncDirectory(dirname(answer))
      } catch (error) {
        // The key was committed and its folder cleared meanwhile; the decoded picture is elsewhere.
        if (systemCode(error) !== 'ENOENT') throw error
      }
      return answer
    },
  }
}
