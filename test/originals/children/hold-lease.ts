import { createLocalLeases } from '../../../src/originals/leases/local-leases.ts'
import { createOriginalStore } from '../../../src/originals/store/original-store.ts'
import { writeNew } from '../../../src/system/files/durable-file.ts'
import { sampleEntry } from '../sample-original.ts'

/** A slow request: holds the lease of a prompt, and commits on command from stdin. */
const [dir = '', prompt = '', bytes = ''] = process.argv.slice(2)
const entry = sampleEntry(prompt, bytes, { requestId: 'request-of-the-child' })
const store = createOriginalStore({ dir })
const leases = createLocalLeases(dir, { ttl: 1_500, heartbeat: 150 })
const lease = await leases.acquire(entry.key, { arrived: async () => false })
lease?.lost.addEventListener('abort', () => process.stdout.write('lost\n'))
await lease?.note(entry.requestId)
process.stdout.write('held\n')
for await (const _ of process.stdin) break
const file = await store.temporaryFile()
await writeNew(file, Buffer.from(bytes))
const { first } = await store.commit(entry, file)
process.stdout.write(first ? 'committed\n' : 'adopted\n')
await lease?.release()
