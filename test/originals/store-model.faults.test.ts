import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDiskObjects } from '../../src/originals/objects/disk-objects.ts'
import type { Original } from '../../src/originals/original.ts'
import { blobName, entryName } from '../../src/originals/store/entry/entry.ts'
import { createOriginalStore } from '../../src/originals/store/original-store.ts'
import type { Key } from '../../src/plan/image-request.ts'
import type { Digest } from '../../src/system/digest.ts'
import { temporaryFolder } from '../support/folder.ts'
import { commitSample, sampleEntry } from './sample-original.ts'

/** Contents of different length and, for the last two, of the same. */
const contents = ['a', 'bb', 'ccc', 'ddd'] as const
const prompt = fc.integer({ min: 0, max: 2 }).map(number => `image ${number}`)
const content = fc.constantFrom(...contents)

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('commit'), prompt, content }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove'), prompt }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('crash before the blob'), content }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('crash after the blob'), prompt, content }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('damage'), prompt, content }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart') }) },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

/** Steps of one round run side by side, on two stores over one directory. */
const rounds = fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { maxLength: 8 })

/** One key's original is removed while the same bytes are committed for another. */
const sameBytes: Step[][] = [
  [{ kind: 'commit', prompt: 'image 1', content: 'ccc' }],
  [
    { kind: 'commit', prompt: 'image 0', content: 'ccc' },
    { kind: 'remove', prompt: 'image 1' },
  ],
]

test('whatever happens side by side, a key keeps its first original, whole, or says that it is corrupt', async () => {
  const folder = await temporaryFolder()
  let runs = 0
  await fc.assert(
    fc.asyncProperty(rounds, async plan => {
      runs += 1
      const dir = `${folder}/${runs}`
      const disk = createDiskObjects(dir)
      const stores = [createOriginalStore({ dir }), createOriginalStore({ dir })]
      /** By key: the content that it must have. */
      const model = new Map<Key, Digest>()

      async function run(one: Step, index: number): Promise<Original | undefined> {
        const store = stores[index % 2] ?? createOriginalStore({ dir })
        if ('prompt' in one && one.kind === 'remove') {
          await store.remove(sampleEntry(one.prompt, '').key)
        } else if (one.kind === 'commit' && 'content' in one && 'prompt' in one) {
          return (await commitSample(store, one.prompt, one.content)).original
        } else if (one.kind === 'crash before the blob' && 'content' in one) {
          await writeFile(await store.temporaryFile(), one.content.slice(1))
        } else if (one.kind === 'crash after the blob' && 'prompt' in one && 'content' in one) {
          const { digest, size } = sampleEntry(one.prompt, one.content)
          const file = await store.temporaryFile()
          await writeFile(file, one.content)
          await disk.putIfAbsent(blobName({ digest, format: 'png' }), { file, size, digest })
        } else if (one.kind === 'restart') {
          stores[index % 2] = createOriginalStore({ dir })
        }
        return undefined
      }

      for (const round of plan) {
        const removed = new Set(
          round.flatMap(one =>
            one.kind === 'remove' && 'prompt' in one ? [sampleEntry(one.prompt, '').key] : [],
          ),
        )
        const adopted = await Promise.all(
          round.map((one, index) => (one.kind === 'damage' ? undefined : run(one, index))),
        )
        for (const original of adopted) {
          if (!original || removed.has(original.entry.key)) continue
          const { key, digest } = original.entry
          const known = model.get(key) ?? digest
          expect(digest).toBe(known)
          model.set(key, digest)
        }
        for (const key of removed) {
          const look = await stores[0]?.status(key)
          if (look?.state === 'ready') model.set(key, look.original.entry.digest)
          else model.delete(key)
        }
        for (const [key, digest] of model) {
          const look = await stores[0]?.status(key)
          if (look?.state !== 'ready') throw new Error(`${key} is ${look?.state}`)
          expect(look.original.entry.digest).toBe(digest)
          await stores[1]?.verify(look.original)
        }
        for (const one of round) {
          if (one.kind === 'damage' && 'content' in one) await damageAndRestore(one.content, dir)
        }
      }

      /** Overwrites a blob; nobody may serve it or lose its entry, and putting it back is enough. */
      async function damageAndRestore(text: string, cache: string): Promise<void> {
        const { digest } = sampleEntry('', text)
        const owners = [...model].flatMap(([key, known]) => (known === digest ? [key] : []))
        const path = `${cache}/${blobName({ digest, format: 'png' })}`
        if (owners.length === 0) return
        await rm(path)
        await writeFile(path, 'x'.repeat(text.length))
        for (const key of owners) {
          const fresh = createOriginalStore({ dir: cache })
          const look = await fresh.status(key)
          if (look.state === 'ready') await expect(fresh.verify(look.original)).rejects.toThrow()
          expect(await fresh.status(key)).toMatchObject({ state: 'corrupt' })
          expect(await disk.get(entryName(key))).toBeDefined()
        }
        await mkdir(dirname(path), { recursive: true })
        await writeFile(path, text)
      }
    }),
    { numRuns: 25, examples: Array.from({ length: 10 }, () => [sameBytes]) },
  )
})
