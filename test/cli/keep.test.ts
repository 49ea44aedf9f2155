import { cp, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder, writeFiles } from '../support/folder.ts'
import {
  type DecisionSite,
  HERO,
  MANIFEST,
  NIGHT,
  OTHER_MODEL,
  openSite,
  siteIn,
} from './decisions.ts'

let site: DecisionSite

beforeEach(async () => {
  site = await openSite()
  await site.generate(2)
})

async function readEntry(key: string) {
  const file = path.join(site.cwd, '.imagegen/entries', key.slice(0, 2), `${key}.json`)
  return JSON.parse(await readFile(file, 'utf8'))
}

describe('imagegen keep', () => {
  it('is offered by plan after a change of the model, and keeps all, edits too', async () => {
    await writeFiles(site.cwd, OTHER_MODEL)
    const { stdout } = await site.imagegen('plan')
    // The edit is blocked, and counts: its own request differs by the model alone as well.
    expect(stdout).toContain(
      '2 missing because only the model changed; keep them with `imagegen keep --all --because model`.',
    )
    expect(await site.document('plan')).toMatchObject({ keep: [{ because: ['model'], images: 2 }] })

    const before = await site.entries()
    const dry = await site.document('keep', '--all', '--because', 'model', '--dry-run')
    expect(dry).toMatchObject({ dryRun: true, summary: { kept: 2, failed: 0 } })
    expect(await site.entries()).toEqual(before)

    const kept = await site.document('keep', '--all', '--because', 'model')
    expect(kept).toMatchObject({
      dryRun: false,
      images: [
        { name: 'hero', outcome: 'kept', changes: ['model'] },
        { name: 'hero-night', outcome: 'kept', changes: ['model'] },
      ],
    })
    const [{ key, from }] = kept.images
    const [old, entry] = [await readEntry(from), await readEntry(key)]
    expect(entry).toMatchObject({
      version: 1,
      digest: old.digest,
      requestId: old.requestId,
      createdAt: old.createdAt,
      request: { ...old.request, model: 'gpt-image-3' },
      facts: { ...old.facts, kept: { from } },
    })
    expect(await site.entries()).toHaveLength(4)
    expect(await site.blobs()).toHaveLength(2)
    await site.generate(0)
    expect(await site.imagegen('check')).toMatchObject({ code: 0 })
    expect(await site.document('plan')).not.toHaveProperty('keep')
    const twice = await site.imagegen('keep', '--all', '--because', 'model')
    expect(twice).toMatchObject({ code: 0, stdout: 'Nothing to keep.\n' })
  })

  it('spares a second clone its requests, with and without the earlier entries', async () => {
    await writeFiles(site.cwd, OTHER_MODEL)
    await site.imagegen('keep', '--all')
    expect((await site.document('prune', '--yes')).summary).toMatchObject({ originals: 2 })
    // What git keeps.
    const cwd = await temporaryFolder()
    await cp(site.cwd, cwd, { recursive: true })
    await rm(path.join(cwd, '.imagegen/local'), { recursive: true })
    const clone = siteIn(cwd, site.api)
    await clone.generate(0)
    expect(await clone.imagegen('check')).toMatchObject({ code: 0 })
    expect(await clone.blobs()).toHaveLength(2)
  })

  it('keeps what the words of a prompt changed, whatever the model was, and says it in plan', async () => {
    await site.editManifest('seen from the sea', 'seen from a boat')
    expect((await site.imagegen('plan')).stdout).toContain(
      '1 missing because only the prompt changed; keep it with `imagegen keep --all --because prompt`.',
    )
    const [image] = (await site.document('keep', HERO)).images
    expect(image).toMatchObject({ outcome: 'kept', changes: ['prompt'] })
    // The edit refers to the same picture, so that its key stays.
    await site.generate(0)
  })

  it('keeps images for the reasons alone that it is told', async () => {
    await writeFiles(site.cwd, OTHER_MODEL)
    await site.editManifest('size: 1024x1024', 'size: 1536x1024')
    expect((await site.imagegen('plan')).stdout).not.toContain('imagegen keep')
    expect(await site.imagegen('keep', '--all')).toMatchObject({ stdout: 'Nothing to keep.\n' })
    const named = await site.imagegen('keep', HERO, '--because', 'model')
    expect(named.code).toBe(1)
    expect(named.stdout).toContain(
      `${HERO} was not kept: not only its model changed, but also its size.`,
    )
    expect((await site.document('keep', HERO, '--because', 'model,size')).summary.kept).toBe(1)
    expect((await site.document('keep', NIGHT)).summary.kept).toBe(1)
    await site.generate(0)
  })

  it('keeps no picture for another revision', async () => {
    await site.editManifest('prompt: A lighthouse', 'revision: 2\n    prompt: A lighthouse')
    const { code, stdout } = await site.imagegen('keep', HERO)
    expect(code).toBe(1)
    expect(stdout).toContain(
      `${HERO}: its revision changed from 1 to 2, which asks for another picture. Set it back to keep the existing picture.`,
    )
  })

  it('remembers attempts at the request that brought no picture', async () => {
    await writeFiles(site.cwd, OTHER_MODEL)
    site.api.failNext({ status: 400, body: { error: { message: 'No.' } } })
    await site.imagegen('generate', HERO)
    const [image] = (await site.document('keep', HERO)).images
    expect(image.outcome).toBe('kept')
    expect((await readEntry(image.key)).facts.earlierAttempts).toMatchObject([
      { outcome: 'refused', status: 400 },
    ])
    expect((await site.document('keep', NIGHT)).summary.kept).toBe(1)
    await site.generate(0)
  })
})

describe('what there is to keep', () => {
  it('is nothing where an image is new, there, or was kept before', async () => {
    const there = await site.imagegen('keep', HERO)
    expect(there.code).toBe(1)
    expect(there.stdout).toContain(
      `${HERO} already has an original for its current request, so there is nothing to keep.`,
    )
    await writeFiles(site.cwd, OTHER_MODEL)
    expect(await site.imagegen('keep', HERO)).toMatchObject({ code: 0 })
    const twice = await site.imagegen('keep', HERO)
    expect(twice.code).toBe(0)
    expect(twice.stdout).toContain(`present  ${HERO}: already kept.`)

    const team = '  team:\n    prompt: Six people around a table\n'
    await site.editManifest('  hero-night:', `${team}  hero-night:`)
    const fresh = await site.imagegen('keep', `${MANIFEST}#team`)
    expect(fresh.code).toBe(1)
    expect(fresh.stdout).toContain(
      `${MANIFEST}#team: no original belongs to an earlier version of it, so there is nothing to keep.`,
    )
  })

  it('has to be named, rightly', async () => {
    expect(await site.imagegen('keep')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Name the images to keep'),
    })
    expect(await site.imagegen('keep', `${MANIFEST}#herp`)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean "hero"?'),
    })
    expect(await site.imagegen('keep', '--all', '--because', 'modle')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('It must be one of model, prompt, size, params, references.'),
    })
    expect(await site.imagegen('keep', '--all', HERO)).toMatchObject({ code: 2 })
    expect(await site.imagegen('keep', '--all', '--store')).toMatchObject({ code: 2 })
  })

  it('says of an edit that the picture of its reference comes first', async () => {
    await site.editManifest('seen from the sea', 'seen from a boat')
    const { code, stdout } = await site.imagegen('keep', NIGHT)
    expect(code).toBe(1)
    expect(stdout).toContain(
      `${NIGHT} refers to hero, which has no picture yet. Start with that image.`,
    )
  })

  it('is not a damaged picture', async () => {
    await writeFiles(site.cwd, OTHER_MODEL)
    for (const name of await site.blobs()) {
      const file = path.join(site.cwd, '.imagegen/blobs', name)
      const bytes = await readFile(file)
      bytes.fill(0, bytes.length - 8)
      await writeFiles(path.join(site.cwd, '.imagegen/blobs'), { [name]: bytes })
    }
    const { code, stdout } = await site.imagegen('keep', HERO)
    expect(code).toBe(1)
    expect(stdout).toContain('does not match the digest in its entry')
    expect(await site.entries()).toHaveLength(2)
  })
})

describe('imagegen keep --undo', () => {
  it('removes what was kept, and nothing that was requested', async () => {
    await writeFiles(site.cwd, OTHER_MODEL)
    await site.imagegen('keep', '--all')
    const before = await site.entries()
    const dry = await site.document('keep', '--undo', '--all', '--dry-run')
    expect(dry).toMatchObject({ dryRun: true, summary: { undone: 2, failed: 0 } })
    expect(await site.entries()).toEqual(before)
    expect((await site.document('keep', '--undo', '--all')).summary).toEqual({
      undone: 2,
      failed: 0,
    })
    expect(await site.entries()).toHaveLength(2)
    expect(await site.blobs()).toHaveLength(2)
    expect(await site.imagegen('keep', '--undo', '--all')).toMatchObject({
      code: 0,
      stdout: 'Nothing to undo.\n',
    })

    await rm(path.join(site.cwd, 'imagegen.config.json'))
    const requested = await site.imagegen('keep', '--undo', HERO)
    expect(requested.code).toBe(1)
    expect(requested.stdout).toContain(
      `${HERO} was not kept, so there is nothing to undo: its original was requested.`,
    )
    expect(await site.entries()).toHaveLength(2)
  })

  it('leaves the last entry that holds a picture', async () => {
    await writeFiles(site.cwd, OTHER_MODEL)
    await site.imagegen('keep', '--all')
    await site.imagegen('prune', '--yes')
    const { code, stdout } = await site.imagegen('keep', '--undo', HERO)
    expect(code).toBe(1)
    expect(stdout).toContain('this entry is the only one left for the picture')
    await site.generate(0)
  })
})
