import pLimit from 'p-limit'
import { Client } from 'undici'
import { input } from './input.mjs'
import { note } from './report.mjs'

/** The floor of whoever uses this client: every answer is received, and thrown away. */
const { baseURL, concurrency, count, size } = input
const { origin, pathname } = new URL(baseURL)
const limit = pLimit(concurrency)

async function receive(index) {
  const client = new Client(origin)
  const body = JSON.stringify({ model: 'gpt-image-2', prompt: `Picture ${index}`, size })
  await new Promise((resolve, reject) => {
    client.dispatch(
      {
        method: 'POST',
        path: `${pathname}/images/generations`,
        headers: { 'content-type': 'application/json' },
        body,
      },
      {
        onRequestStart: () => undefined,
        onResponseStart: () => undefined,
        onResponseData: () => undefined,
        onResponseEnd: () => resolve(),
        onResponseError: (_, error) => reject(error),
      },
    )
  })
  await client.close()
}

const started = performance.now()
await Promise.all(Array.from({ length: count }, (_, index) => limit(receive, index)))
note('generate', performance.now() - started)
