import { createHash } from 'node:crypto'
import sharp from 'sharp'
import type { ProviderAccess } from '../../src/pipeline/engine/services/provider-access.ts'
import { createOpenAIAnswerReader } from '../../src/provider/openai/openai-answers.ts'
import { PRESETS } from '../../src/provider/presets.ts'
import type { Attempt } from '../../src/provider/provider.ts'

/** Pictures are so many times smaller than their requests ask for: `1536x1152` is 64×48 pixels. */
export const SCALE = 24

export interface Size {
  readonly width: number
  readonly height: number
}

/**
 * A provider in this process for the real pipeline. It answers at once with a small PNG of one
 * colour, which depends on the prompt and on the references' bytes.
 */
export function createFakeAccess(): ProviderAccess {
  return {
    hasKey: () => true,
    async openProvider() {
      return {
        label: 'the fake provider',
        send: async attempt => answer(attempt),
        async *download() {},
        async close() {},
      }
    },
    async createReader() {
      return createOpenAIAnswerReader({
        preset: PRESETS.openai,
        baseURL: 'http://127.0.0.1',
        answerBytes: 1024 * 1024,
      })
    },
  }
}

async function* answer({ request, references }: Attempt): AsyncGenerator<Uint8Array> {
  const colour = createHash('sha256').update(request.prompt)
  for (const reference of references) colour.update(await reference.bytes())
  const [width = 0, height = 0] = request.size.split('x').map(side => Number(side) / SCALE)
  yield await drawColour(colour.digest(), { width, height })
}

/** The picture that a prompt without references gets. */
export function pictureOf(prompt: string, size: Size): Promise<Buffer> {
  return drawColour(createHash('sha256').update(prompt).digest(), size)
}

function drawColour([r = 0, g = 0, b = 0]: Uint8Array, size: Size): Promise<Buffer> {
  return sharp({ create: { ...size, channels: 3, background: { r, g, b } } })
    .png()
    .toBuffer()
}
