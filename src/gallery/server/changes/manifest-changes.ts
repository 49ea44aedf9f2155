import { randomUUID } from 'node:crypto'
import path from 'node:path'
import { rewriteManifest } from '../../../manifest/edit/rewrite-manifest.ts'
import type { ImageId } from '../../../manifest/image-id.ts'
import type { GalleryChange, GalleryData } from '../../data/gallery-data.ts'
import { ActionRefusedError } from '../checks/action-refused-error.ts'
import { readManifestText } from '../checks/open-image.ts'
import { createChangeFiles, type StoredChange, TIME_DIGITS } from './change-files.ts'
import { findTextChange, revertTextChange } from './text-change.ts'

/** A manifest that the page wrote. */
export interface WrittenChange {
  readonly image: ImageId
  /** What was changed, as the end of a sentence. */
  readonly label: string
  /** The whole texts. */
  readonly before: string
  readonly after: string
}

/** What the page wrote, so that each can be undone, also after the server was restarted. */
export interface ManifestChanges {
  /** @returns why it cannot be undone once the server stops, as a sentence; undefined: it can */
  add(change: WrittenChange): Promise<string | undefined>
  /** The latest first. */
  list(): Promise<Pick<GalleryData, 'changes' | 'changesProblem'>>
  /**
   * Writes the text before a change again.
   * @returns the manifest's absolute path
   * @throws ActionRefusedError when the manifest has another text than the change left
   */
  undo(id: string): Promise<string>
}

/** Absolute paths. */
export interface ManifestChangesOptions {
  readonly root: string
  readonly cacheDir: string
}

export function createManifestChanges({ root, cacheDir }: ManifestChangesOptions): ManifestChanges {
  const files = createChangeFiles(root, cacheDir)
  /** Those that could not be written to disk, the latest first. */
  let kept: readonly StoredChange[] = []
  let latest = 0
  const fileOf = ({ image }: StoredChange) => path.join(root, image.manifest)
  const listAll = async () => {
    const { changes, problem } = await files.list()
    return { changes: [...kept, ...changes].sort(byTime), problem }
  }
  return {
    async add({ image, label, before, after }) {
      latest = Math.max(Date.now(), latest + 1)
      // Another server may have written within the same millisecond. What is far ahead had a wrong clock.
      const ahead = (await files.latest()) - latest
      if (ahead >= 0 && ahead < 1_000) latest += ahead + 1
      const change: StoredChange = {
        version: 1,
        id: `${String(latest).padStart(TIME_DIGITS, '0')}-${randomUUID()}`,
        at: new Date(latest).toISOString(),
        image: { manifest: image.manifest, name: image.name },
        label,
        ...findTextChange(before, after),
      }
      try {
        await files.add(change)
        return undefined
      } catch (error) {
        kept = [change, ...kept]
        const reason = error instanceof Error ? error.message : String(error)
        return `${image.manifest} was written. The change can be undone only until the server stops, because the cache directory cannot be written: ${reason}`
      }
    },
    async list() {
      const { changes, problem = '' } = await listAll()
      const digests = await readDigests(changes.map(fileOf))
      const described = changes.map(change => describe(change, digests.get(fileOf(change))))
      return { changes: described, changesProblem: problem }
    },
    async undo(id) {
      const { changes } = await listAll()
      const change = changes.find(other => other.id === id)
      if (!change) {
        throw new ActionRefusedError(
          'This change is not known any more: it was undone, or later changes took its place. Reload the gallery.',
        )
      }
      await rewriteManifest(fileOf(change), text => {
        const before = revertTextChange(text, change)
        if (before === undefined) throw new ActionRefusedError(explainOther(change))
        return before
      })
      kept = kept.filter(other => other !== change)
      // One that cannot be removed stays listed, and cannot be undone twice: the text is another one.
      await files.remove(id).catch(() => undefined)
      return fileOf(change)
    },
  }
}

function byTime(a: StoredChange, b: StoredChange): number {
  return a.id < b.id ? 1 : -1
}

/** Undefined for files that cannot be read. */
async function readDigests(
  files: readonly string[],
): Promise<ReadonlyMap<string, string | undefined>> {
  const read = [...new Set(files)].map(async file => {
    const text = await readManifestText(file).catch(() => undefined)
    return [file, text?.digest] as const
  })
  return new Map(await Promise.all(read))
}

function describe(change: StoredChange, digest: string | undefined): GalleryChange {
  const { id, image, label, at, after } = change
  return {
    id,
    manifest: image.manifest,
    image,
    label,
    at,
    ...(digest !== after && { refusal: explainOther(change) }),
  }
}

function explainOther({ image }: StoredChange): string {
  return `${image.manifest} changed since, here or in another program. Undo later changes first, or edit the file.`
}
