import type { ImageRequest } from '../plan/image-request.ts'
import type { ReferencePicture } from '../plan/reference-picture.ts'

/** One attempt at one request. */
export interface Attempt {
  readonly request: ImageRequest
  readonly references: readonly ReferencePicture[]
  /** Sent as `Idempotency-Key` and `X-Client-Request-Id`; the same for every attempt at one image. */
  readonly requestId: string
  /** Aborting gives up the attempt; its outcome is then uncertain. */
  readonly signal?: AbortSignal
}

/** What an answer says beside the picture: `created`, `revised_prompt`, `usage`, and whatever else came. */
export type AnswerFacts = Readonly<Record<string, unknown>>

/** Reads one raw answer piece by piece, with memory that does not grow with the picture. */
export interface AnswerReader {
  /**
   * Takes the next bytes of the raw answer, returns the picture bytes that they hold (often none).
   * These are overwritten by the next call.
   * What cannot be read is told by {@link end}, so that the raw answer can be kept in full.
   * @throws AttemptError `ANSWER_TOO_LARGE`
   */
  push(chunk: Uint8Array): Uint8Array
  /**
   * Ends the answer and returns what it said beside the picture.
   * A picture that came whole counts, whatever stands around it; `warnings` (texts) then tells.
   * An answer that gives the address of a picture instead of the picture is read by
   * {@link Provider.download}.
   * @throws AttemptError `UNREADABLE_ANSWER` with the outcome `unusable`, or what an `error` in the
   * answer means
   */
  end(): AnswerContent
}

/** What an answer held. */
export interface AnswerContent {
  /** Without the picture's address, which may be all that is needed to read it. */
  readonly facts: AnswerFacts
  /** Address of the picture, when the answer gives that instead of the picture. */
  readonly link?: string
}

/**
 * The seam between the pipeline and whoever makes pictures. It takes a request and
 * gives a stream of bytes and the facts about them; the pipeline knows nothing of HTTP.
 */
export interface Provider {
  /** For messages: where the requests go, without credentials. */
  readonly label: string
  /**
   * Sends one attempt and resolves with the raw answer's bytes as they arrive. No retries.
   * The stream itself may fail with an AttemptError as well.
   * @throws AttemptError
   */
  send(attempt: Attempt): Promise<AsyncIterable<Uint8Array>>
  /**
   * The bytes of a picture whose address an answer gave. Costs nothing; no retries.
   * @param link as {@link AnswerContent.link} says it
   * @throws AttemptError `DOWNLOAD_FAILED`: with the outcome `unusable` when there is nothing to be
   * had at the address
   */
  download(link: string, signal?: AbortSignal): AsyncIterable<Uint8Array>
  /** Frees connections. */
  close(): Promise<void>
}
