import type { ImageRequest } from '../../src/plan/image-request.ts'
import type { ReferencePicture } from '../../src/plan/reference-picture.ts'
import { AttemptError } from '../../src/provider/attempt-error.ts'
import { createOpenAIAnswerReader } from '../../src/provider/openai/openai-answers.ts'
import {
  createOpenAICompatibleProvider,
  type OpenAICompatibleOptions,
} from '../../src/provider/openai/openai-compatible.ts'
import { PRESETS } from '../../src/provider/presets.ts'
import type { AnswerFacts, Attempt, Provider } from '../../src/provider/provider.ts'
import { sha256 } from '../../src/system/digest.ts'

export const KEY = 'sk-canary-0123456789'

const ANSWERS = { preset: PRESETS.llmeasy, apiKey: KEY, answerBytes: 8 * 1024 * 1024 }

export function testProvider(
  baseURL: string,
  options: Partial<OpenAICompatibleOptions> = {},
): Provider {
  return createOpenAICompatibleProvider({
    ...ANSWERS,
    baseURL,
    timeout: { silence: 10_000, total: 10_000 },
    ...options,
  })
}

export function anAttempt(
  request: Partial<ImageRequest> = {},
  rest: Partial<Attempt> = {},
): Attempt {
  return {
    request: {
      endpoint: rest.references ? 'edits' : 'generations',
      model: 'gpt-image-2',
      prompt: 'A lighthouse on a cliff',
      size: '1024x1024',
      params: {},
      revision: 1,
      references: (rest.references ?? []).map(({ digest }) => digest),
      ...request,
    },
    references: [],
    requestId: '0198c0de-0000-7000-8000-000000000001',
    ...rest,
  }
}

export function aReference(
  fileName: string,
  bytes: Uint8Array<ArrayBuffer>,
  type: ReferencePicture['type'] = 'image/png',
): ReferencePicture {
  const digest = sha256(bytes)
  return { fileName, type, digest, size: bytes.length, bytes: async () => bytes }
}

export interface ReceivedPicture {
  readonly picture: Buffer
  readonly facts: AnswerFacts
}

/** Sends an attempt and reads its answer, as `src/originals` does. */
export async function requestPicture(
  provider: Provider,
  attempt: Attempt = anAttempt(),
): Promise<ReceivedPicture> {
  const reader = createOpenAIAnswerReader({ ...ANSWERS, baseURL: provider.label })
  const pieces: Uint8Array[] = []
  for await (const chunk of await provider.send(attempt))
    pieces.push(Buffer.from(reader.push(chunk)))
  const { facts } = reader.end()
  return { picture: Buffer.concat(pieces), facts }
}

/** The error of an attempt that must not bring a picture. */
export async function failureOf(work: Promise<unknown>): Promise<AttemptError> {
  const outcome = await work.then(
    () => 'a picture',
    (error: unknown) => error,
  )
  if (outcome instanceof AttemptError) return outcome
  throw new Error('An AttemptError was expected.', { cause: outcome })
}
