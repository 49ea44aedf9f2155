import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { ManifestImage, ManifestReference } from '../../manifest/manifest.ts'
import { decisionOf } from '../../originals/store/entry/decision.ts'
import type { InspectedImage } from '../../pipeline/inspect.ts'
import { projectPath } from '../../system/project-path.ts'
import type { ReviewedImage, ReviewedWords } from '../data/gallery-review.ts'

/** An image in one state of the project. */
export interface ComparedImage {
  readonly inspected: InspectedImage
  /** Absolute path of the project's root in that state. */
  readonly root: string
}

/** What changed about an image; undefined when nothing did. Pure. */
export function compareImages(
  before: ComparedImage | undefined,
  after: ComparedImage | undefined,
): Pick<ReviewedImage, 'change' | 'samePicture' | 'words'> | undefined {
  const [old, now] = [before?.inspected, after?.inspected]
  const words = compareWords(before && wordsOf(before), after && wordsOf(after))
  const [oldDigest, nowDigest] = [digestOf(old), digestOf(now)]
  const samePicture = oldDigest !== undefined && oldDigest === nowDigest
  if (!now) return { change: 'removed', samePicture, words }
  if (!old) return { change: 'added', samePicture, words }
  const isSame = old.planned.key === now.planned.key && oldDigest === nowDigest
  if (isSame && words.length === 0) return undefined
  const entry = now.picture?.original?.entry
  const isKept =
    samePicture &&
    old.planned.key !== now.planned.key &&
    entry &&
    decisionOf(entry)?.kind === 'kept'
  return { change: isKept ? 'kept' : 'changed', samePicture, words }
}

function digestOf(image: InspectedImage | undefined): string | undefined {
  return image?.picture?.source.digest
}

type Words = ReadonlyMap<string, string>

function compareWords(
  before: Words = new Map(),
  after: Words = new Map(),
): readonly ReviewedWords[] {
  const fields = new Set([...before.keys(), ...after.keys()])
  return [...fields].flatMap(field => {
    const [old, now] = [before.get(field), after.get(field)]
    if (isDeepStrictEqual(old, now)) return []
    return {
      field,
      ...(old !== undefined && { before: old }),
      ...(now !== undefined && { after: now }),
    }
  })
}

/** What is said of an image, as text. */
function wordsOf({ inspected: { planned }, root }: ComparedImage): Words {
  const { image, request } = planned
  const folder = path.join(root, path.dirname(image.id.manifest))
  const label = (reference: ManifestReference) => labelOf(reference, image, folder)
  const words: Readonly<Record<string, string | undefined>> = {
    prompt: image.prompt || undefined,
    source: image.source && projectPath(folder, path.resolve(folder, image.source.path)),
    size: image.size,
    provider: image.provider,
    model: request?.model ?? image.model,
    revision: image.revision === 1 ? undefined : String(image.revision),
    params: asJson(image.params),
    references: image.references.map(label).join(', ') || undefined,
    // Their words may be the same, and their bytes others.
    'content of references': image.references.some(({ kind }) => kind === 'file')
      ? request?.references.map(digest => digest.slice(0, 12)).join(', ')
      : undefined,
    alt: image.alt,
    output: asJson(image.output),
    variants:
      image.variants &&
      asJson(
        image.variants.map(({ name, media, picture, output }) => ({
          name,
          media,
          image: picture.name,
          output,
        })),
      ),
  }
  return new Map(
    Object.entries(words).flatMap(([field, value]) =>
      value === undefined ? [] : [[field, value] as const],
    ),
  )
}

function labelOf(reference: ManifestReference, { id }: ManifestImage, folder: string): string {
  if (reference.kind === 'file') return projectPath(folder, path.resolve(folder, reference.path))
  const { manifest, name } = reference.image
  return manifest === id.manifest ? name : `${manifest}#${name}`
}

function asJson(value: object): string | undefined {
  return Object.keys(value).length === 0 ? undefined : JSON.stringify(value, undefined, 1)
}
