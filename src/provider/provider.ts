import type { ImageRequest } from '../plan/image-request.ts'
import type { ReferencePicture } from '../plan/reference-picture.ts'

/** One attempt at one request. */
export interface Attempt {
  readonly request: ImageRequest
  readonly references: readonly ReferencePicture[]
  /** Of the first reference. */
  readonly mask?: ReferencePicture
  /** Sent as `Idempotency-Key` and `X-Client-Request-Id`; the same for every attempt at one image. */
  readonly requestId: string
  /** Aborts the attempt, whose outcome is then uncertain. */
  readonly signal?: AbortSignal
}

/** The fields of an answer beside the picture: `created`, `revised_prompt`, `usage` and any others. */
export type AnswerFacts = Readonly<Record<string, unknown>>

/** Reads one raw answer piece by piece. Its memory does not grow with the picture. */
export interface AnswerReader {
  /**
   * Takes the next bytes of the raw answer, and returns the picture bytes in them (often none),
   * which the next call overwrites. Faults are reported by {@link end}, so that the raw answer can
   * be kept in full.
   * @throws AttemptError `ANSWER_TOO_LARGE`
   */
  push(chunk: Uint8Array): Uint8Array
  /**
   * Ends the answer and returns its fields beside the picture. A picture that came whole counts,
   * whatever stands around it; `warnings` (texts) then says so. When the answer gives the address of
   * a picture instead, {@link Provider.download} reads the picture.
   * @throws AttemptError `UNREADABLE_ANSWER` with the outcome `unusable`, or what an `error` in the
   * answer means
   */
  end(): AnswerContent
  /** Whether the answer itself marks the picture's end. If not, a source that breaks may have cut it off. */
  isDelimited(): boolean
}

/** What an answer held. */
export interface AnswerContent {
  /** Without the picture's address: whoever has that can read the picture. */
  readonly facts: AnswerFacts
  /** The picture's address, when the answer gives that instead of the picture. */
  readonly link?: string
}

/** A raw answer as it arrives. */
export interface RawAnswer extends AsyncIterable<Uint8Array> {
  /**
   * What is known beside the answer once all of it has come; absent where the answer itself holds it.
   * Never rejects.
   */
  readonly facts?: () => Promise<AnswerFacts>
}

/**
 * The seam between the pipeline and an image API. A provider takes a request and returns a stream of
 * bytes; the pipeline knows nothing of HTTP.
 */
export interface Provider {
  /** For messages: where the requests go, without credentials. */
  readonly label: string
  /**
   * Sends one attempt and resolves with the raw answer's bytes as they arrive. No retries. The
   * stream itself may fail with an AttemptError as well.
   * @throws AttemptError
   */
  send(attempt: Attempt): Promise<RawAnswer>
  /**
   * The bytes of a picture whose address an answer gave. Costs nothing. No retries.
   * @param link from {@link AnswerContent.link}
   * @throws AttemptError `DOWNLOAD_FAILED`, with the outcome `unusable` when the address will never
   * give a picture
   */
  download(link: string, signal?: AbortSignal): AsyncIterable<Uint8Array>
  /** Frees connections. */
  close(): Promise<void>
}
