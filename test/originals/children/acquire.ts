/**
 * Acquires images and prints one line of JSON each: `node --import jiti/register acquire.ts
 * <cache directory> <base URL> <concurrency> <prompt> …`
 */
import { makeOrder, makeOriginals, quickLeases } from '../bench.ts'

const [dir = '', url = '', concurrency = '', ...prompts] = process.argv.slice(2)
const { originals } = await makeOriginals(dir, url, {
  concurrency: Number(concurrency),
  // A lone process needs no signs of life, which would add system calls to those that are counted.
  leases: quickLeases(dir, prompts.length === 1 ? 60_000 : undefined),
})
await Promise.all(
  prompts.map(async prompt => {
    const order = makeOrder(prompt)
    const { original, how, attempts, possiblyBilledTwice } = await originals.acquire(order)
    const { digest } = original.entry
    process.stdout.write(
      `${JSON.stringify({ prompt, digest, how, attempts, possiblyBilledTwice })}\n`,
    )
  }),
)
await originals.close()
