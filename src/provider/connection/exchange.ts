import type { Client, Dispatcher } from 'undici'
import { type AnswerHeaders, headerText } from './answer-headers.ts'
import type { Deadline } from './deadline.ts'
import { createInbox, type Inbox } from './inbox.ts'

export interface Answer {
  readonly status: number
  readonly headers: AnswerHeaders
  /** Fails with the connection, after every byte that came before. Leaving it gives up the answer. */
  readonly body: AsyncIterable<Uint8Array>
}

/** Sends one request and resolves with the head of its answer. */
export function exchange(
  client: Client,
  options: Dispatcher.DispatchOptions,
  deadline: Deadline,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { signal } = deadline
    let body: AnswerBody | undefined
    const fail = (reason: Error): void => {
      body?.inbox.end(reason)
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
        deadline.heard()
        if (status < 200) return
        body = openBody(controller, headers, deadline)
        resolve({ status, headers, body: body.inbox })
      },
      onResponseData(_, chunk) {
        deadline.heard()
        body?.push(chunk)
      },
      onResponseEnd() {
        deadline.holdSilence()
        body?.inbox.end()
      },
      onResponseError(_, error) {
        fail(error)
      },
    })
  })
}

interface AnswerBody {
  readonly inbox: Inbox
  push(chunk: Uint8Array): void
}

/**
 * An answer is slowed down to the pace of its reader only on a connection that outlives it. When
 * the server closes the connection right behind an answer that is being slowed down, undici 7
 * throws where nobody can catch it and the process ends, and a billed answer is lost
 * (nodejs/undici#5360, fixed in 8, which needs Node 22). Such an answer is taken as it comes.
 * No answer is slowed down after its last byte: undici would see the end of the connection before
 * that of the answer, and take the answer for cut off.
 */
function openBody(
  controller: Dispatcher.DispatchController,
  headers: AnswerHeaders,
  { heard, holdSilence }: Deadline,
): AnswerBody {
  const outlives = String(headers.connection).toLowerCase() === 'keep-alive'
  /** Bytes that are still to come; infinite when only the end of the body tells. */
  let left = Number(headerText(headers, 'content-length') ?? Number.POSITIVE_INFINITY)
  let paused = false
  const inbox = createInbox(
    () => {
      if (paused) heard()
      paused = false
      controller.resume()
    },
    () => controller.abort(new Error('The answer was not read to its end.')),
  )
  return {
    inbox,
    push(chunk) {
      const hasRoom = inbox.put(chunk)
      left -= chunk.byteLength
      if (hasRoom || !outlives || left <= 0) return
      paused = true
      holdSilence()
      controller.pause()
    },
  }
}
