import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { PublishedManifestError } from '../../errors/published-manifest-error.ts'
import { projectPath } from '../../system/project-path.ts'
import { shownText } from '../../text/shown-text.ts'
import { MANIFEST_ID } from '../manifests/manifest-id.ts'
import type { PluginSession } from '../session/plugin-session.ts'

/**
 * Fails a build of Vite whose public folder, which Vite copies as it is, holds a manifest.
 * @throws PublishedManifestError
 */
export async function guardPublicFolder(
  session: PluginSession,
  {
    publicDir,
    build,
  }: { readonly publicDir: string; readonly build: { readonly copyPublicDir: boolean } },
): Promise<void> {
  if (publicDir === '' || !build.copyPublicDir) return
  const names = await readdir(publicDir, { recursive: true }).catch(() => [])
  const files = names
    .filter(name => MANIFEST_ID.test(name))
    .map(name => session.locate(path.join(publicDir, name)))
  if (files.length === 0) return
  session.begin()
  try {
    const { options, selects } = await session.pipeline()
    const manifests = files.filter(file => selects(file))
    if (manifests.length === 0) return
    const list = shownText(manifests.map(file => projectPath(options.root, file)).join(', '))
    throw new PublishedManifestError(
      `This build would copy ${list} from the public folder, prompts included. Move manifests to another folder, or add files that are none to \`exclude\`.`,
    )
  } finally {
    await session.end()
  }
}
