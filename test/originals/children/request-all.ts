import { appendFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { createLocalLeases } from '../../../src/originals/leases/local-leases.ts'
import { createOriginalStore } from '../../../src/originals/store/original-store.ts'
import { writeNew } from '../../../src/system/files/durable-file.ts'
import { sampleEntry } from '../sample-original.ts'

/** Acquires every prompt. Each request adds a line to a log, and brings other bytes each time. */
const [dir = '', log = '', prompts = ''] = process.argv.slice(2)
const store = createOriginalStore({ dir })
const leases = createLocalLeases(dir, { ttl: 3_000, heartbeat: 300 })

async function want(prompt: string): Promise<void> {
  const bytes = `${prompt} by ${process.pid} at ${performance.now()}`
  const entry = sampleEntry(prompt, bytes, { requestId: `request-${process.pid}` })
  const arrived = async () => (await store.status(entry.key)).state === 'ready'
  if (await arrived()) return
  const lease = await leases.acquire(entry.key, { arrived })
  if (!lease) return
  await lease.note(entry.requestId)
  await appendFile(log, `bought ${prompt} ${process.pid}\n`)
  await sleep(100)
  const file = await store.temporaryFile()
  await writeNew(file, Buffer.from(bytes))
  const { first } = await store.commit(entry, file)
  await appendFile(log, `${first ? 'first' : 'adopted'} ${prompt} ${process.pid}\n`)
  await lease.release()
}

for (const prompt of prompts.split(',')) await want(prompt)
process.stdout.write('done')
