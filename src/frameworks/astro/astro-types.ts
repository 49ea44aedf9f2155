import { fileURLToPath } from 'node:url'
import { isManifestName } from '../../manifest/source/manifest-name.ts'
import { writeAtomically } from '../../system/files/write-atomically.ts'
import { shownText } from '../../text/shown-text.ts'

/** As much as is used of what Astro hands over once its configuration is settled. */
export interface AstroDone {
  readonly config: { readonly root: URL }
  readonly logger: { warn(message: string): void }
  /** @returns where Astro writes the file */
  injectTypes(types: { readonly filename: `${string}.d.ts`; readonly content: string }): URL
}

/** As much as is used of what Astro hands over with its development server. */
export interface AstroServer {
  readonly server: {
    readonly watcher: { on(event: 'all', listener: (event: string, file: string) => void): unknown }
  }
}

/** Types every manifest loosely: exact types stand in the file before, and the first match counts. */
const LOOSE = '/// <reference types="unplugin-imagegen/client" />\n'

/** Types of images that Astro's own type check finds without any compiler option. */
export interface AstroTypes {
  inject(done: AstroDone): Promise<void>
  /** Brings them up to date when manifests change. */
  follow(server: AstroServer['server']): void
}

/** @param describe gives exact types as declarations */
export function createAstroTypes(describe: (folder: string) => Promise<string>): AstroTypes {
  let latest = ''
  let renewal = Promise.resolve()
  let renew = async (): Promise<void> => {}

  return {
    async inject({ config, logger, injectTypes }) {
      const folder = fileURLToPath(config.root)
      const read = (): Promise<string> =>
        describe(folder).catch((error: Error) => {
          logger.warn(`Types of images were not written: ${shownText(error.message)}`)
          return latest
        })
      latest = await read()
      const file = injectTypes({ filename: 'images.d.ts', content: latest })
      injectTypes({ filename: 'imagegen.d.ts', content: LOOSE })
      renew = async () => {
        const content = await read()
        if (content === latest) return
        latest = content
        await writeAtomically(fileURLToPath(file), content)
      }
    },
    follow({ watcher }) {
      watcher.on('all', (_, file) => {
        if (isManifestName(file)) renewal = renewal.then(renew)
      })
    },
  }
}
