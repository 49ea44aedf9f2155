import type { InitChange } from './init-change.ts'

const SKILL = 'node_modules/unplugin-imagegen/skills/imagegen/SKILL.md'

/** Where coding agents look for what to know of a project. */
export const AGENTS_FILE = 'AGENTS.md'

/**
 * Points coding agents to the guide that the installed version brings, so that it never grows old.
 * @param before the text of the file, if there is one
 */
export function addAgents(before: string | undefined): readonly InitChange[] {
  if (before?.includes(SKILL)) return []
  const part = `## Images

unplugin-imagegen generates the pictures of this site, and each request costs money. Before you add or change an image, read ${SKILL}.
`
  const content = before ? `${before.trimEnd()}\n\n${part}` : part
  const action = before === undefined ? 'create' : 'edit'
  return [{ file: AGENTS_FILE, action, what: 'what coding agents should read first', content }]
}
