/**
 * Acquires images and prints one line of JSON each: `acquire.mjs <cache directory> <base URL>
 * <concurrency> <skew of the clock in milliseconds>[,<ttl of leases>] <prompt> …`
 */
import { makeOrder, makeOriginals, quickLeases, skewedClock } from '../make-originals.ts'

const [dir = '', url = '', concurrency = '', times = '', ...prompts] = process.argv.slice(2)
const [skew = 0, ttl] = times.split(',').map(Number)
const clock = skewedClock(skew)
// A lone process needs no signs of life, which would add system calls to those that are counted.
const patience = {
  ...(ttl !== undefined && { ttl }),
  ...(prompts.length === 1 && { heartbeat: 60_000 }),
}
const { originals } = await makeOriginals(dir, url, {
  concurrency: Number(concurrency),
  clock,
  leases: quickLeases(dir, { clock, ...patience }),
})

async function acquire(prompt: string) {
  try {
    const { original, ...acquired } = await originals.acquire(makeOrder(prompt))
    return { prompt, digest: original.entry.digest, ...acquired }
  } catch (error) {
    process.exitCode = 3
    return { prompt, error: String(error) }
  }
}

await Promise.all(
  prompts.map(async prompt => {
    process.stdout.write(`${JSON.stringify(await acquire(prompt))}\n`)
  }),
)
await originals.close()
