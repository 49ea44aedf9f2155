/**
 * One machine of a team: `machine.mjs <directory> <base URL> <endpoint> <bucket> <prefix> <prompts>`
 * acquires every prompt and prints a line of JSON for each, and for what it warns of.
 */
import { createLeases } from '../../../src/originals/leases/leases.ts'
import { createLocalLeases } from '../../../src/originals/leases/local-leases.ts'
import { createTieredLeases } from '../../../src/originals/leases/tiered-leases.ts'
import { createS3Objects } from '../../../src/originals/objects/s3/s3-objects.ts'
import { createSharedStore } from '../../../src/originals/objects/shared-store.ts'
import { createOriginalStore } from '../../../src/originals/store/original-store.ts'
import { provePicture } from '../../../src/renditions/encode/prove-picture.ts'
import { makeOrder, makeOriginals } from '../../originals/make-originals.ts'

const [dir = '', url = '', endpoint = '', bucket = '', prefix = '', prompts = ''] =
  process.argv.slice(2)

const print = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`)
const onWarning = (warning: string): void => print({ warning })

const objects = await createS3Objects({ bucket, prefix, endpoint, access: 'read-write' })
const shared = createSharedStore({ objects })
const quick = { ttl: 6_000, heartbeat: 1_000, poll: [100, 1_000], onWarning } as const
const { originals } = await makeOriginals(dir, url, {
  store: createOriginalStore({ dir, shared, prove: file => provePicture(file), onWarning }),
  leases: createTieredLeases(
    createLocalLeases(dir, quick),
    createLeases({ objects, ...quick }),
    shared,
  ),
  onWarning,
})
print({ started: process.pid })
const outcomes = prompts.split(',').map(async prompt => {
  const { original, ...acquired } = await originals.acquire(makeOrder(prompt), {
    onProgress: progress => {
      const status = progress.type === 'state' ? progress.status : undefined
      if (status?.state === 'generating') print({ sending: prompt, requestId: status.requestId })
      if (progress.type === 'warning') onWarning(progress.message)
    },
  })
  await originals.verify(original)
  print({ prompt, digest: original.entry.digest, requestId: original.entry.requestId, ...acquired })
})
for (const outcome of await Promise.allSettled(outcomes)) {
  if (outcome.status === 'fulfilled') continue
  print({ failed: outcome.reason.message })
  process.exitCode = 1
}
await originals.close()
