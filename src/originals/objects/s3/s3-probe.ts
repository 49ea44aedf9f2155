import { SharedStoreError } from '../shared-store-error.ts'

export interface ProbeVerbs {
  put(name: string, bytes: Uint8Array): Promise<'stored' | 'present'>
  read(name: string): Promise<string | undefined>
  delete(name: string): Promise<void>
}

/**
 * Proves that the store refuses to overwrite when it is asked to: without that, two machines
 * request the same image, and the later one overwrites the original of the first.
 * @param name of an object that nobody else has
 * @throws SharedStoreError
 */
export async function probeConditionalWrites(
  label: string,
  name: string,
  verbs: ProbeVerbs,
): Promise<void> {
  const [first, second] = ['first', 'second'].map(text => Buffer.from(`${text} ${name}`))
  if (!first || !second) return
  const outcomes = [await verbs.put(name, first), await verbs.put(name, second)]
  const kept = await verbs.read(name)
  await verbs.delete(name)
  if (outcomes.join() === 'stored,present' && kept === first.toString()) return
  throw new SharedStoreError(
    `The shared store ${label} does not honour conditional writes: a PUT with "If-None-Match: *" replaced an existing object, so machines could overwrite each other's originals. Use a store that does (AWS S3, Cloudflare R2, MinIO, Ceph), or \`access: 'read-only'\`.`,
  )
}
