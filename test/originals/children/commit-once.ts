import { createOriginalStore } from '../../../src/originals/store/original-store.ts'
import { writeNew } from '../../../src/system/files/durable-file.ts'
import { sampleEntry } from '../sample-original.ts'

const [dir = '', prompt = '', bytes = ''] = process.argv.slice(2)
const store = createOriginalStore({ dir })
try {
  const file = await store.temporaryFile()
  await writeNew(file, Buffer.from(bytes))
  const { first } = await store.commit(sampleEntry(prompt, bytes), file)
  process.stdout.write(first ? 'committed' : 'adopted')
} catch (error) {
  process.stdout.write(`${error}`)
  process.exitCode = 3
}
