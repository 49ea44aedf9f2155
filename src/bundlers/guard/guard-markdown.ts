import path from 'node:path'
import { UnclaimedManifestError } from '../../errors/unclaimed-manifest-error.ts'
import { shownText } from '../../text/shown-text.ts'

/** A bundle that is about to be written, and the modules of its chunks as they were rendered. */
type RenderedBundle = Readonly<Record<string, RenderedFile>>

interface RenderedFile {
  readonly type: 'chunk' | 'asset'
  /** Those of a chunk. */
  readonly modules?: Readonly<Record<string, { readonly code: string | null }>>
}

const MARKDOWN = /\.mdx?$/

/** An attribute of an element. The same in a text has a backslash before its quotation mark. */
const ATTRIBUTE = /\bsrc: ?["']([^"'\s\\]+\.image\.ya?ml(?:\?[^"'\s\\]*)?)["']/

/**
 * Refuses Markdown whose images of manifests nobody has made pictures of: their URLs lead nowhere.
 * @throws UnclaimedManifestError
 */
export function guardMarkdown(bundle: RenderedBundle): void {
  for (const { modules = {} } of Object.values(bundle)) {
    for (const [id, module] of Object.entries(modules)) {
      // Rolldown copies the code of each module that is asked for it.
      const [, url] = MARKDOWN.test(id) ? (ATTRIBUTE.exec(module.code ?? '') ?? []) : []
      if (url === undefined) continue
      const file = shownText(path.relative(process.cwd(), id))
      throw new UnclaimedManifestError(
        `${file} shows ${shownText(url)}, and nothing makes a picture of it. Add \`mdxPictures\` of unplugin-imagegen/markdown to the remark plugins of MDX.`,
      )
    }
  }
}
