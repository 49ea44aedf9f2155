import { open } from 'node:fs/promises'
import path from 'node:path'
import pLimit from 'p-limit'
import { input } from './input.mjs'
import { prove } from './prove.mjs'

/** The least that can be done: base64 decoded to a file as it arrives. No checks, no syncing. */
const { root, baseURL, concurrency, count, size, height } = input
const limit = pLimit(concurrency)
const OPENING = '"b64_json":"'

async function make(index) {
  const response = await fetch(`${baseURL}/images/generations`, {
    method: 'POST',
    headers: { authorization: 'Bearer bench', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-image-2', prompt: `Picture ${index}`, size }),
  })
  const file = path.join(root, `${index}.png`)
  const handle = await open(file, 'wx')
  let text = ''
  let inside = false
  for await (const chunk of response.body) {
    text += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).latin1Slice()
    if (!inside) {
      const at = text.indexOf(OPENING)
      if (at === -1) continue
      text = text.slice(at + OPENING.length)
      inside = true
    }
    const end = text.indexOf('"')
    const whole = end === -1 ? text.length - (text.length % 4) : end
    await handle.writeFile(Buffer.from(text.slice(0, whole), 'base64'))
    text = text.slice(whole)
    if (end !== -1) break
  }
  await handle.close()
  await prove(file, height)
}

await Promise.all(Array.from({ length: count }, (_, index) => limit(make, index)))
