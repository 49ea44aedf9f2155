import { describe, expect, test } from 'vitest'
import { createBucket, endpoint, needsS3 } from './s3-server.ts'

describe.skipIf(!endpoint)(`listing a bucket${needsS3}`, () => {
  test('2,500 objects are listed, and only those under the prefix', async () => {
    const objects = await (await createBucket()).open()
    const names = Array.from({ length: 2_500 }, (_, index) => `entries/${index}.json`)
    const left = ['other/1.json', ...names]
    const worker = async () => {
      for (let name = left.pop(); name; name = left.pop()) {
        await objects.putIfAbsent(name, { bytes: Buffer.from(name) })
      }
    }
    await Promise.all(Array.from({ length: 24 }, worker))
    const listed: string[] = []
    for await (const { name } of objects.list('entries/')) listed.push(name)
    expect(listed.sort()).toEqual(names.sort())
  })
})
