import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { AttemptError } from '../../../provider/attempt-error.ts'
import type { Provider } from '../../../provider/provider.ts'
import { digestOf } from '../../../system/digest.ts'
import type { AcquisitionDeps } from '../acquisition.ts'
import { planRetry, type RetryPolicy } from '../pacing/retry-timing.ts'
import type { DecodedPicture, PictureLink } from './decode-picture.ts'

export interface FetchDeps
  extends Pick<AcquisitionDeps, 'store' | 'clock' | 'provider' | 'random'> {
  readonly retry: RetryPolicy
  readonly signal?: AbortSignal
}

/**
 * Downloads a picture that was made already into a file of its own, whole and synced. Only the
 * download is repeated, as patiently as a request would be.
 * @throws AttemptError
 */
export async function fetchPicture(
  { url, facts }: PictureLink,
  { store, clock, provider, random, retry, signal }: FetchDeps,
): Promise<DecodedPicture> {
  const client = await provider()
  for (let attempt = 1; ; attempt += 1) {
    const file = await store.temporaryFile()
    try {
      return {
        file,
        facts,
        isDelimited: true,
        ...(await writeDownload(client.download(url, signal), file)),
      }
    } catch (error) {
      await rm(file, { force: true })
      if (!(error instanceof AttemptError)) throw error
      // The request is not repeated, so what retry.uncertain says of requests does not count.
      const decision = planRetry(error, attempt, { ...retry, uncertain: 'retry' }, random())
      if (decision.action === 'give-up') throw error
      await clock.sleep(decision.delay, signal).catch(() => {
        throw error
      })
    }
  }
}

async function writeDownload(
  chunks: ReturnType<Provider['download']>,
  file: string,
): Promise<Pick<DecodedPicture, 'digest' | 'size'>> {
  const hash = createHash('sha256')
  const handle = await open(file, 'wx')
  let size = 0
  try {
    for await (const chunk of chunks) {
      hash.update(chunk)
      await handle.writeFile(chunk)
      size += chunk.length
    }
    await handle.sync()
  } finally {
    await handle.close()
  }
  return { digest: digestOf(hash), size }
}
