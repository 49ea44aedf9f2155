import { isDeepStrictEqual } from 'node:util'
import type { DevImages } from '../../../dev/dev-images.ts'
import { readWritten } from '../../../manifest/edit/read-written.ts'
import type { ImageId } from '../../../manifest/image-id.ts'
import type { GalleryHistory, GalleryVersion } from '../../data/gallery-exchanges.ts'
import { findRepository, GitError, readGitFiles, runGit } from '../../git/run-git.ts'
import { openImage } from '../checks/open-image.ts'

/** Commits of a manifest that are read. */
const MOST_COMMITS = 200

/** The most bytes that all of its texts may have together. */
const LARGEST = 64 * 1024 * 1024

const NOTHING: GalleryHistory = { versions: [], isCut: false }

/** A commit that changed the manifest. */
interface Commit extends Omit<GalleryVersion, 'fields' | 'commit'> {
  readonly hash: string
  /** Short. */
  readonly commit: string
  /** Of the manifest then, from the repository's root. */
  readonly path: string
}

/** An image's words in the repository that its manifest lies in. @throws ActionRefusedError */
export async function readWordsHistory(id: ImageId, images: DevImages): Promise<GalleryHistory> {
  const { manifest } = await openImage(id, images)
  const { root } = images.pipeline.options
  if (!(await findRepository(root))) return NOTHING
  try {
    const commits = await listCommits(root, id.manifest)
    const objects = commits.map(({ hash, path }) => `${hash}:${path}`)
    const texts = await readGitFiles(root, objects, LARGEST)
    const name = manifest.manifest.single ? undefined : id.name
    const versions = commits.map(({ hash: _, path, ...commit }, index): GalleryVersion => {
      const text = texts[index]?.toString('utf8')
      const written = text === undefined ? undefined : readWritten(text, name, path)
      return { ...commit, ...(written && { fields: written.fields }) }
    })
    return { versions: onlyChanges(versions), isCut: commits.length === MOST_COMMITS }
  } catch (error) {
    // A repository without a commit, a shallow one, or one of another format.
    if (error instanceof GitError) return NOTHING
    throw error
  }
}

/** The latest first, under the names that the manifest had. */
async function listCommits(root: string, manifest: string): Promise<readonly Commit[]> {
  const output = await runGit(root, [
    '-c',
    'core.quotePath=off',
    'log',
    '--follow',
    `--max-count=${MOST_COMMITS}`,
    '--format=%x01%H%x00%h%x00%an%x00%aI%x00%s',
    '--name-only',
    '--',
    manifest,
  ])
  return output
    .toString('utf8')
    .split('\u0001')
    .flatMap(entry => {
      const [fields = '', ...paths] = entry.split('\n').filter(line => line !== '')
      const [hash = '', commit = '', author = '', at = '', subject = ''] = fields.split('\0')
      const path = paths.at(-1)
      return path === undefined ? [] : [{ hash, commit, author, at, subject, path }]
    })
}

/** Commits that left the image's words as they were are left out. */
function onlyChanges(versions: readonly GalleryVersion[]): readonly GalleryVersion[] {
  return versions.filter(({ fields }, index) => {
    return !isDeepStrictEqual(fields, versions[index + 1]?.fields)
  })
}
