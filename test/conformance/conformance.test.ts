import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { describe, test } from 'vitest'
import { aiSdk } from '../../src/ai.ts'
import { type ConformanceSubject, conformanceTests } from '../../src/testing.ts'
import { acme } from './acme.ts'

const openaiAnswer = (picture: Uint8Array) => ({
  body: { data: [{ b64_json: Buffer.from(picture).toString('base64') }] },
})

const SUBJECTS: Readonly<Record<string, ConformanceSubject>> = {
  'the preset llmeasy': {
    provider: ({ url }) => ({ preset: 'llmeasy', baseURL: `${url}/v1` }),
    answer: openaiAnswer,
  },
  'the preset openai': {
    provider: ({ url }) => ({ preset: 'openai', baseURL: `${url}/v1` }),
    answer: openaiAnswer,
  },
  'the preset compatible, with raw pictures': {
    provider: ({ url }) => ({
      preset: 'compatible',
      baseURL: `${url}/v1`,
      sizes: ['64x64', '1024x1024'],
    }),
    answer: picture => ({ body: picture }),
  },
  "the documented provider of one's own": {
    provider: ({ url }) => ({ use: acme(url) }),
    answer: picture => ({ body: picture, headers: { 'x-cost': '0.04' } }),
  },
  'a model of the AI SDK': {
    provider: ({ url, apiKey }) => ({
      use: aiSdk(
        createOpenAICompatible({ name: 'local', baseURL: `${url}/v1`, apiKey }).imageModel('m'),
        { files: true, masks: true, apiKeyEnv: 'LOCAL_KEY' },
      ),
    }),
    answer: openaiAnswer,
    wholePictures: true,
  },
}

describe.each(Object.entries(SUBJECTS))('%s', (_, subject) => {
  for (const { name, run } of conformanceTests(subject)) test(name, run)
})
