import { randomUUID } from 'node:crypto'
import { rewriteManifest } from '../../../manifest/edit/rewrite-manifest.ts'
import type { ImageId } from '../../../manifest/image-id.ts'
import { sha256 } from '../../../system/digest.ts'
import type { GalleryChange } from '../../data/gallery-data.ts'
import { ActionRefusedError } from '../checks/action-refused-error.ts'
import { readManifestText } from '../checks/open-image.ts'

/** A manifest that the page wrote. */
export interface WrittenChange {
  /** Absolute path. */
  readonly file: string
  readonly image: ImageId
  /** What was changed, as the end of a sentence. */
  readonly label: string
  /** The whole texts. */
  readonly before: string
  readonly after: string
}

/** What the page wrote since the server started, so that each can be undone. */
export interface ManifestChanges {
  add(change: WrittenChange): void
  /** The latest first. */
  list(): Promise<readonly GalleryChange[]>
  /**
   * Writes the text before a change again.
   * @returns the manifest's absolute path
   * @throws ActionRefusedError when the manifest has another text than the change left
   */
  undo(id: string): Promise<string>
}

/** Each holds two texts of up to 1 MiB. */
const MOST_CHANGES = 50

type LoggedChange = WrittenChange & Pick<GalleryChange, 'id' | 'at'>

export function createManifestChanges(now: () => Date = () => new Date()): ManifestChanges {
  const changes: LoggedChange[] = []
  return {
    add(change) {
      changes.unshift({ ...change, id: randomUUID(), at: now().toISOString() })
      changes.length = Math.min(changes.length, MOST_CHANGES)
    },
    async list() {
      const files = [...new Set(changes.map(({ file }) => file))]
      const digests = new Map(
        await Promise.all(
          files.map(async file => {
            const read = await readManifestText(file).catch(() => undefined)
            return [file, read?.digest] as const
          }),
        ),
      )
      return changes.map(change => describe(change, digests.get(change.file)))
    },
    async undo(id) {
      const change = changes.find(other => other.id === id)
      if (!change) {
        throw new ActionRefusedError(
          'This change is not known any more: it was undone, or the server was restarted. Reload the gallery.',
        )
      }
      await rewriteManifest(change.file, text => {
        if (text !== change.after) throw new ActionRefusedError(explainOther(change))
        return change.before
      })
      changes.splice(changes.indexOf(change), 1)
      return change.file
    },
  }
}

function describe(change: LoggedChange, digest: string | undefined): GalleryChange {
  const { id, image, label, at, after } = change
  return {
    id,
    manifest: image.manifest,
    image: { manifest: image.manifest, name: image.name },
    label,
    at,
    ...(digest !== sha256(after) && { refusal: explainOther(change) }),
  }
}

function explainOther({ image }: WrittenChange): string {
  return `${image.manifest} changed since, here or in another program. Undo later changes first, or edit the file.`
}
