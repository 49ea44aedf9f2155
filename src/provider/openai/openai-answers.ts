import { normalizeBaseURL, parseBaseURL } from '../../config/base-url.ts'
import type { ApiSettings } from '../../config/provider/preset.ts'
import type { AnswerReader } from '../provider.ts'
import { createScrub } from '../scrub.ts'
import type { AnswerContext } from './answer-error.ts'
import { createAnswerReader } from './answer-reader.ts'

export interface OpenAIAnswerOptions {
  readonly preset: ApiSettings
  /** Where the answer came from, for messages. */
  readonly baseURL: string
  /** Masked where an answer quotes it; without one there is nothing to mask. */
  readonly apiKey?: string | undefined
  /** Largest answer, in bytes. */
  readonly answerBytes: number
}

/** What answers are classified by. */
export function openAIAnswerContext({
  preset,
  baseURL,
  apiKey = '',
}: OpenAIAnswerOptions): AnswerContext {
  return {
    label: baseLabel(parseBaseURL(normalizeBaseURL(baseURL))),
    scrub: createScrub(apiKey),
    moderation: preset.moderation,
    forbidden: preset.forbidden,
  }
}

/** Reads an answer in OpenAI's form, as it arrives or from disk. It needs no connection and no key. */
export function createOpenAIAnswerReader(options: OpenAIAnswerOptions): AnswerReader {
  const { answerBytes, apiKey = '' } = options
  return createAnswerReader({ ...openAIAnswerContext(options), answerBytes, apiKey })
}

function baseLabel(base: URL): string {
  return base.origin + base.pathname.replace(/\/+$/, '')
}
