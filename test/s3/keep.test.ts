import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { type DecisionSite, HERO, openSite, siteIn } from '../cli/decisions.ts'
import { createSampleProject } from '../cli/sample-project.ts'
import { writeFiles } from '../support/folder.ts'
import { type Bucket, createBucket, endpoint, needsS3 } from './s3-server.ts'

function configOf({ bucket, prefix, endpoint }: Bucket, model: string): string {
  const store = { type: 's3', bucket, prefix, endpoint }
  return JSON.stringify({ store, provider: { model }, onSizeMismatch: 'ignore' })
}

const SIGNED = { IMAGEGEN_SIGNING_KEY: 'canary-of-a-signing-key' }
const file = 'imagegen.config.json'

/** A project with all of its pictures in the bucket, signed, and then another model. */
async function openChanged(bucket: Bucket): Promise<DecisionSite> {
  const site = await openSite({ [file]: configOf(bucket, 'gpt-image-2') }, SIGNED)
  await site.generate(2)
  await writeFiles(site.cwd, { [file]: configOf(bucket, 'gpt-image-3') })
  return site
}

async function openClone(
  { api }: DecisionSite,
  bucket: Bucket,
  model = 'gpt-image-3',
): Promise<DecisionSite> {
  return siteIn(await createSampleProject({ [file]: configOf(bucket, model) }), api, SIGNED)
}

describe.skipIf(!endpoint)(`keep and adopt over a bucket${needsS3}`, () => {
  test('a second clone has kept pictures without a request, and can keep them itself', async () => {
    const bucket = await createBucket()
    const site = await openChanged(bucket)
    expect((await site.document('keep', '--all', '--because', 'model')).summary.kept).toBe(2)
    const clone = await openClone(site, bucket)
    await clone.generate(0)
    expect((await clone.document('plan')).summary).toMatchObject({ ready: 2 })
    expect(await clone.imagegen('check')).toMatchObject({ code: 0 })
    // What one keeps twice is the same entry, wherever.
    expect((await site.document('push')).summary).toMatchObject({ present: 2, different: 0 })
    expect((await clone.document('push')).summary).toMatchObject({ present: 2, different: 0 })
  })

  test('undo leaves the bucket alone unless it is told, and says so', async () => {
    const bucket = await createBucket()
    const site = await openChanged(bucket)
    await site.imagegen('keep', '--all')
    const here = await site.imagegen('keep', '--undo', HERO)
    expect(here).toMatchObject({ code: 0 })
    expect(here.stdout).toContain(
      `s3://${bucket.bucket}/${bucket.prefix} still has it, and builds copy it from there. Add --store to remove it there too.`,
    )
    // As it says.
    await site.generate(0)
    const both = await site.imagegen('keep', '--undo', '--store', HERO)
    expect(both.stdout).toContain(`It was removed from s3://${bucket.bucket}/${bucket.prefix} too.`)
    expect((await site.document('plan')).summary).toMatchObject({ missing: 2 })

    // What was requested is still there, entries and bytes.
    const clone = await openClone(site, bucket, 'gpt-image-2')
    await clone.generate(0)
  })

  test('what another machine adopted first stays, and is told', async () => {
    const bucket = await createBucket()
    const site = await openChanged(bucket)
    const other = await openClone(site, bucket)
    const blue = { r: 0, g: 0, b: 200 }
    const made = sharp({ create: { width: 64, height: 64, channels: 3, background: blue } })
    await writeFile(path.join(other.cwd, 'hero.png'), await made.png().toBuffer())
    // This machine reads no bucket while it keeps, as on a train.
    const { store: _, ...alone } = JSON.parse(configOf(bucket, 'gpt-image-3'))
    await writeFiles(site.cwd, { [file]: JSON.stringify(alone) })
    await site.imagegen('keep', HERO)
    expect(await other.imagegen('adopt', HERO, 'hero.png')).toMatchObject({ code: 0 })

    await writeFiles(site.cwd, { [file]: configOf(bucket, 'gpt-image-3') })
    const pushed = await site.imagegen('push')
    expect(pushed.stdout).toContain('already has another picture of the same request')
    const undone = await site.imagegen('keep', '--undo', '--store', HERO)
    expect(undone).toMatchObject({ code: 0 })
    expect(undone.stdout).toContain(
      'has another picture for it, from another machine. Builds copy that picture from there',
    )
    const plan = await site.document('plan', HERO)
    expect(plan.images).toMatchObject([{ state: 'ready', where: 'shared' }])
    expect((await site.imagegen('keep', HERO)).stdout).toContain(
      'already has an original for its current request',
    )
  })

  test('a bucket that is read-only here is not undone in', async () => {
    const bucket = await createBucket()
    const site = await openChanged(bucket)
    await site.imagegen('keep', '--all')
    const config = JSON.parse(configOf(bucket, 'gpt-image-3'))
    config.store.access = 'read-only'
    await writeFiles(site.cwd, { [file]: JSON.stringify(config) })
    expect(await site.imagegen('keep', '--undo', '--store', HERO)).toMatchObject({ code: 2 })
    const clone = await openClone(site, bucket)
    await clone.generate(0)
  })
})
