import { Readable } from 'node:stream'
import type { Client, Dispatcher } from 'undici'

export interface Answer {
  readonly status: number
  readonly headers: AnswerHeaders
  /** Fails with the connection. Destroying it gives up the answer. */
  readonly body: Readable
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
 */
export function exchange(
  client: Client,
  options: Dispatcher.DispatchOptions,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let body: Readable | undefined
    let outlives = false
    let missing = Number.NaN

    const fail = (reason: Error): void => {
      body?.destroy(reason)
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
        if (status < 200) return
        outlives = String(headers.connection).toLowerCase() === 'keep-alive'
        missing = Number(headers['content-length'] ?? Number.NaN)
        const answer = new Readable({
          read: () => controller.resume(),
          destroy(reason, done) {
            if (!answer.readableEnded) controller.abort(reason ?? new Error('Not read to its end.'))
            done(reason)
          },
        })
        // Whoever reads the body gets the error; until then it is nobody's.
        answer.on('error', () => undefined)
        body = answer
        resolve({ status, headers, body: answer })
      },
      onResponseData(controller, chunk) {
        const room = body?.push(chunk)
        missing -= chunk.byteLength
        // Slowed down at its last byte, an answer is never known to be whole if the server closes
        // the connection meanwhile.
        if (!room && outlives && missing !== 0) controller.pause()
      },
      onResponseEnd() {
        body?.push(null)
      },
      onResponseError(_, error) {
        fail(error)
      },
    })
  })
}
