import type { Dispatcher } from 'undici'
import type { Connection } from './connection.ts'
import type { Deadline } from './deadline.ts'
import { createInbox, type Inbox } from './inbox.ts'
import { headerText } from './retry-after.ts'

export interface Answer {
  readonly status: number
  readonly headers: AnswerHeaders
  /** Fails with the connection, after every byte that came before. Leaving it gives up the answer. */
  readonly body: AsyncIterable<Uint8Array>
}

export type AnswerHeaders = Parameters<
  NonNullable<Dispatcher.DispatchHandler['onResponseStart']>
>[2]

/**
 * Sends one request and resolves with the head of its answer.
 *
 * An answer is slowed down to the pace of its reader only on a connection that outlives it. When
 * the server closes the connection right behind an answer that is being slowed down, undici 7
 * throws where nobody can catch it and the process ends (nodejs/undici#5360, mended in 8, which
 * needs Node 22), and with it an answer that was paid for. Such an answer is taken as it comes.
 * After its last byte no answer is slowed down: undici would see the end of the connection before
 * that of the answer, and take it for cut off.
 */
export function exchange(
  { client, taken }: Connection,
  options: Dispatcher.DispatchOptions,
  { signal, heard, holdSilence }: Deadline,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let inbox: Inbox | undefined
    let outlives = false
    let paused = false
    /** Bytes of the body; none when only its end tells. */
    let left = Number.POSITIVE_INFINITY

    const fail = (reason: Error): void => {
      inbox?.end(reason)
      reject(reason)
    }
    if (signal.aborted) return fail(signal.reason)

    client.dispatch(options, {
      onRequestStart(controller) {
        const abort = (): void => controller.abort(signal.reason)
        signal.addEventListener('abort', abort, { once: true })
        if (signal.aborted) abort()
      },
      onResponseStart(controller, status, headers) {
        heard()
        if (status < 200) return
        outlives = String(headers.connection).toLowerCase() === 'keep-alive'
        left = Number(headerText(headers, 'content-length') ?? left)
        inbox = createInbox(
          () => {
            if (paused) heard()
            paused = false
            controller.resume()
          },
          () => controller.abort(new Error('The answer was not read to its end.')),
        )
        resolve({ status, headers, body: inbox })
      },
      onResponseData(controller, chunk) {
        heard()
        const hasRoom = inbox?.put(chunk)
        taken(chunk)
        left -= chunk.byteLength
        if (hasRoom || !outlives || left <= 0) return
        paused = true
        holdSilence()
        controller.pause()
      },
      onResponseEnd() {
        holdSilence()
        inbox?.end()
      },
      onResponseError(_, error) {
        fail(error)
      },
    })
  })
}
