import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import OpenAI from 'openai'
import pLimit from 'p-limit'
import { input } from './input.mjs'
import { prove } from './prove.mjs'

const { root, baseURL, concurrency, count, size, height } = input
const client = new OpenAI({ apiKey: 'bench', baseURL })
const limit = pLimit(concurrency)

async function make(index) {
  const { data } = await client.images.generate({
    model: 'gpt-image-2',
    prompt: `Picture ${index}`,
    size,
    response_format: 'b64_json',
  })
  const picture = Buffer.from(data[0].b64_json, 'base64')
  await prove(picture, height)
  await writeFile(path.join(root, `${index}.png`), picture)
}

await Promise.all(Array.from({ length: count }, (_, index) => limit(make, index)))
