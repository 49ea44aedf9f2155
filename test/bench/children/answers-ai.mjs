import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createOpenAI } from '@ai-sdk/openai'
import { generateImage } from 'ai'
import pLimit from 'p-limit'
import { input } from './input.mjs'
import { prove } from './prove.mjs'

const { root, baseURL, concurrency, count, size, height } = input
const openai = createOpenAI({ apiKey: 'bench', baseURL })
const limit = pLimit(concurrency)

async function make(index) {
  const { image } = await generateImage({
    model: openai.image('gpt-image-2'),
    prompt: `Picture ${index}`,
    size,
  })
  const picture = image.uint8Array
  await prove(picture, height)
  await writeFile(path.join(root, `${index}.png`), picture)
}

await Promise.all(Array.from({ length: count }, (_, index) => limit(make, index)))
