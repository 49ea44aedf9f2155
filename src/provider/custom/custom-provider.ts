import type {
  GeneratedPicture,
  ImageProvider,
  ProviderRequest,
} from '../../config/provider/image-provider.ts'
import { isRecord } from '../../system/is-record.ts'
import { AttemptError } from '../attempt-error.ts'
import { type Deadline, startDeadline, type Timeout } from '../connection/deadline.ts'
import type { Attempt, Provider, RawAnswer } from '../provider.ts'
import { createByteMask, createScrub } from '../scrub.ts'
import { settleFacts } from './provider-facts.ts'
import { classifyThrown, type FaultContext, notPicture, pictureTooLarge } from './provider-fault.ts'

export interface CustomProviderOptions {
  readonly use: ImageProvider
  /** For messages: `provider "acme"`. */
  readonly label: string
  /** Handed on, and masked wherever it comes back; may be empty. */
  readonly apiKey: string
  readonly timeout: Timeout
  /** Largest picture, in bytes. */
  readonly answerBytes: number
}

interface CustomAttempt extends CustomProviderOptions, FaultContext {
  readonly deadline: Deadline
}

/** A picture that was checked; streams of the web are iterable in Node, whatever libraries of types say. */
type Pieces = Uint8Array | AsyncIterable<Uint8Array>

interface CheckedPicture extends Pick<GeneratedPicture, 'facts'> {
  readonly picture: Pieces
}

/** Bytes of a whole picture that are handed on at once. */
const PIECE = 256 * 1024

/**
 * A {@link Provider} of an {@link ImageProvider}, which is held to what the pipeline counts on: time
 * limits, the caller's signal, the size of a picture, and errors that say what became of the attempt.
 * The raw answer is the picture itself.
 */
export function createCustomProvider(options: CustomProviderOptions): Provider {
  const { label, use } = options
  return {
    label,
    send: attempt => send(options, attempt),
    download() {
      throw new AttemptError(`The picture of ${use.name} has no URL to download it from.`, {
        code: 'DOWNLOAD_FAILED',
        outcome: 'unusable',
        retryable: false,
      })
    },
    close: async () => undefined,
  }
}

async function send(options: CustomProviderOptions, attempt: Attempt): Promise<RawAnswer> {
  const { use, label, apiKey, timeout } = options
  const deadline = startDeadline(timeout, label, attempt.signal)
  const who = label.charAt(0).toUpperCase() + label.slice(1)
  const custom: CustomAttempt = { ...options, deadline, who, scrub: createScrub(apiKey) }
  try {
    if (deadline.signal.aborted) throw deadline.signal.reason
    // Nobody sees when it sends its first byte.
    deadline.markSent()
    const context = { signal: deadline.signal, requestId: attempt.requestId, apiKey }
    const generating = (async () => use.generate(describeRequest(attempt), context))()
    const { picture, facts } = checkGenerated(await deadline.race(generating), custom)
    const settling = Promise.resolve(facts)
    // Read once the picture has come; until then a rejection would go unhandled.
    settling.catch(() => undefined)
    const { signal } = attempt
    return {
      [Symbol.asyncIterator]: () => receive(picture, custom),
      ...(facts !== undefined && {
        facts: () => settleFacts(settling, { ...custom, patience: timeout.silence, signal }),
      }),
    }
  } catch (failure) {
    deadline.end()
    throw classify(failure, custom)
  }
}

function describeRequest({ request, references, mask }: Attempt): ProviderRequest {
  const { prompt, size, model, params, revision } = request
  return { prompt, size, model, params, revision, references, ...(mask && { mask }) }
}

async function* receive(picture: Pieces, custom: CustomAttempt): AsyncGenerator<Uint8Array> {
  const { deadline, answerBytes, apiKey } = custom
  const chunks = piecesOf(picture)[Symbol.asyncIterator]()
  const mask = createByteMask(apiKey)
  let received = 0
  let ended = false
  try {
    for (;;) {
      const { done, value } = await deadline.race(chunks.next())
      if (done) break
      if (!(value instanceof Uint8Array))
        throw notPicture('returned a stream that does not hold bytes', custom)
      received += value.byteLength
      if (received > answerBytes) throw pictureTooLarge(answerBytes, custom)
      deadline.holdSilence()
      yield mask.push(value)
      deadline.heard()
    }
    ended = true
    if (received === 0) throw notPicture('returned an empty picture', custom)
    yield mask.end()
  } catch (failure) {
    throw classify(failure, custom)
  } finally {
    deadline.end()
    // Not waited for: a stream that hangs would never end.
    if (!ended) void chunks.return(undefined).catch(() => undefined)
  }
}

async function* piecesOf(picture: Pieces): AsyncGenerator<unknown> {
  if (!(picture instanceof Uint8Array)) {
    yield* picture
    return
  }
  for (let at = 0; at < picture.length; at += PIECE) yield picture.subarray(at, at + PIECE)
}

function checkGenerated(generated: unknown, custom: FaultContext): CheckedPicture {
  if (!isRecord(generated)) throw notPicture('returned nothing instead of a picture', custom)
  const { picture, facts } = generated
  if (!isPicture(picture)) {
    throw notPicture('returned a `picture` that is neither bytes nor a stream of bytes', custom)
  }
  return { picture, ...(isFacts(facts) && { facts }) }
}

function isPicture(picture: unknown): picture is Pieces {
  if (typeof picture !== 'object' || picture === null) return false
  return picture instanceof Uint8Array || Symbol.asyncIterator in picture
}

function isFacts(facts: unknown): facts is object {
  return typeof facts === 'object' && facts !== null
}

/** What this side has ended is told in its own words, whatever the provider says of it. */
function classify(failure: unknown, custom: CustomAttempt): AttemptError {
  const { signal } = custom.deadline
  if (signal.aborted && signal.reason instanceof AttemptError) return signal.reason
  if (failure instanceof AttemptError && failure.message.startsWith(custom.who)) return failure
  return classifyThrown(failure, custom)
}
