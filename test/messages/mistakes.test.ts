import { expect, test } from 'vitest'
import { type Files, temporaryFolder, writeFiles } from '../support/folder.ts'
import { KEY, startApi } from '../support/project.ts'
import { runMain } from '../support/run-main.ts'
import {
  API_MISTAKES,
  COMMAND_MISTAKES,
  MANIFEST_MISTAKES,
  type Mistake,
  OPTION_MISTAKES,
} from './mistakes.ts'

const GROUPS: Readonly<Record<string, readonly Mistake[]>> = {
  'In a manifest': MANIFEST_MISTAKES,
  'In the options': OPTION_MISTAKES,
  'On the command line': COMMAND_MISTAKES,
  'Between here and the API': API_MISTAKES,
}

const MANIFEST = `images:
  hero:
    prompt: A lighthouse
`

function filesOf({ manifest = MANIFEST, config, files }: Mistake): Files {
  return {
    'package.json': '{ "name": "site" }\n',
    'package-lock.json': '{}\n',
    ...(manifest !== false && { 'src/site.image.yaml': manifest }),
    ...(config !== undefined && { 'imagegen.config.js': config }),
    ...files,
  }
}

/** What a user sees of a mistake, without what differs from run to run. */
async function messageOf(mistake: Mistake): Promise<string> {
  const root = await temporaryFolder()
  const api = await startApi()
  if (mistake.reply) api.failWhen('', mistake.reply)
  await writeFiles(root, filesOf(mistake))
  const { args = ['plan'], env } = mistake
  const { code, stdout, stderr } = await runMain(args, root, {
    ...(mistake.withoutKey !== true && { LLMEASY_API_KEY: KEY }),
    ...(mistake.args?.[0] === 'generate' && { LLMEASY_BASE_URL: api.url }),
    ...env,
  })
  expect(code, stdout + stderr).toBeGreaterThan(0)
  const shown = mask(stderr + stdout, root).trimEnd()
  expect(shown).not.toMatch(/^ {4}at |caused by|undefined|\[object/m)
  return shown
}

function mask(text: string, root: string): string {
  return text
    .replaceAll(root, '<project>')
    .replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, '<api>')
    .replaceAll(/[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/g, '<request ID>')
    .replaceAll(/(quarantine\/)(?:[\w-]|<request ID>)+/g, '$1<answer>')
    .replaceAll(/ *\b\d+(?:\.\d+)? m?s\b */g, '  <time>  ')
    .replaceAll(/(?<=\S) {2,}/g, '  ')
}

test.each(Object.entries(GROUPS))(
  '%s: every mistake is named once, with its place and the next step',
  async (group, mistakes) => {
    const sections: string[] = []
    for (const mistake of mistakes) {
      const command = ['imagegen', ...(mistake.args ?? ['plan'])].join(' ')
      sections.push(`## ${mistake.title}\n\n$ ${command}\n${await messageOf(mistake)}\n`)
    }
    // Read it aloud, then: `npx vitest run --project unit test/messages -u`.
    await expect(`# ${group}\n\n${sections.join('\n')}`).toMatchFileSnapshot(
      `${group.toLowerCase().replaceAll(' ', '-')}.snap.txt`,
    )
  },
)
