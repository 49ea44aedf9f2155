import { MissingOriginalsError } from '../../errors/missing-originals-error.ts'
import { type ImageKey, imageKey } from '../../manifest/image-id.ts'
import type { Manifest } from '../../manifest/manifest.ts'

/**
 * Names the images that a build shows as drafts, so that nobody deploys them by mistake.
 * @param draftsAllowed false where a build with drafts is likely a mistake
 * @returns the warning; undefined when there are no drafts
 * @throws MissingOriginalsError when drafts are not allowed
 */
export function describeDrafts(
  { path, images }: Manifest,
  originals: ReadonlyMap<ImageKey, unknown>,
  draftsAllowed: boolean,
): string | undefined {
  const drafts = images.filter(({ id }) => !originals.has(imageKey(id)))
  if (drafts.length === 0) return undefined
  const names = drafts.map(({ id, at }) => `${path}:${at.line}:${at.column} ${id.name}`)
  if (draftsAllowed) {
    return `This build shows ${drafts.length === 1 ? 'a draft' : `${drafts.length} drafts`} in place of missing originals: ${names.join(', ')}.`
  }
  throw new MissingOriginalsError(
    `\`mode\` is "draft" in CI, where a build with drafts is probably a mistake. Missing originals:\n${names.map(name => `  ${name}`).join('\n')}\nRun \`imagegen generate\` and commit what it generated, or set IMAGEGEN_MODE=draft to build with drafts on purpose.`,
  )
}
