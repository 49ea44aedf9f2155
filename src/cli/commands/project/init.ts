import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline/promises'
import { withoutNetwork } from '../../../config/without-network.ts'
import { syncTypes } from '../../../pipeline/types/sync-types.ts'
import { shownColored } from '../../../text/shown-text.ts'
import type { CliContext, CommandBody, CommandSession } from '../../command-session.ts'
import { baseCommand, type DefineCommand, examples } from '../../define-command.ts'
import type { Bundler } from '../../init/detect-host.ts'
import type { InitChange } from '../../init/init-change.ts'
import { type InitPlan, planInit } from '../../init/plan-init.ts'
import { readProject } from '../../init/read-project.ts'
import { openCommandPipeline } from '../../open-command-pipeline.ts'
import type { Colors } from '../../terminal.ts'

interface InitFlags {
  readonly yes?: boolean
  readonly lfs?: boolean
  readonly agents?: boolean
}

/** What `imagegen init --json` prints. */
export interface InitDocument {
  readonly version: 1
  readonly bundler: Bundler | null
  /** Its name, where the project uses one that is known. */
  readonly framework: string | null
  readonly changes: readonly Pick<InitChange, 'file' | 'action' | 'what'>[]
  /** Whether the changes were made, or only shown. */
  readonly applied: boolean
  /** Steps that are left to people. */
  readonly hints: readonly string[]
}

export const initCommand: DefineCommand = run =>
  baseCommand(
    'init',
    'set up a project',
    'Shows what this project still needs, and adds it after you confirm: configuration, a first manifest, the plugin, lines for git, TypeScript options and types. You can run it again safely.',
  )
    .option('--yes', 'make the changes without asking')
    .option('--lfs', 'store pictures in Git LFS')
    .option('--agents', 'add a line to AGENTS.md, for coding agents')
    .addHelpText(
      'after',
      examples([
        ['imagegen init', 'show the changes, then ask'],
        ['imagegen init --yes', 'apply them'],
        ['imagegen init --yes --lfs', 'with pictures in Git LFS'],
        ['imagegen init --agents', 'with a guide for coding agents'],
      ]),
    )
    .action((flags: InitFlags) => run(init, [], flags))

const init: CommandBody<InitFlags> = async (
  session,
  _,
  { yes = false, lfs = false, agents = false },
) => {
  const { context, errors, flags, colors } = session
  const pipeline = await session.openPipeline({ beginsHere: true })
  const { root } = pipeline.options
  const hasManifest = (await pipeline.discover()).length > 0
  const plan = planInit(await readProject(root, { hasManifest, types: pipeline.options.types }), {
    lfs,
    agents,
  })
  const shown = renderChanges(plan, colors)
  const asks = !yes && !flags.json && plan.changes.length > 0
  const applied =
    plan.changes.length > 0 &&
    (yes || (asks && (await confirm(shown, { stdin: context.stdin, stderr: errors }))))
  if (applied) {
    await applyChanges(plan.changes, root)
    await writeTypes(session)
  }
  const json: InitDocument = {
    version: 1,
    bundler: plan.host?.bundler ?? null,
    framework: plan.host?.framework ?? null,
    changes: plan.changes.map(({ file, action, what }) => ({ file, action, what })),
    applied,
    hints: plan.hints,
  }
  return { json, text: renderResult(plan, shown, applied), exitCode: 0 }
}

function renderChanges({ changes }: InitPlan, colors: Colors): string {
  if (changes.length === 0) return 'Everything is set up already.'
  return changes
    .map(({ file, action, what }) => `${colors.green(action)}  ${file}  ${colors.dim(what)}`)
    .join('\n')
}

function renderResult({ changes, hints }: InitPlan, shown: string, applied: boolean): string {
  const lines = [shown]
  if (changes.length > 0) {
    lines.push('', applied ? 'Done.' : 'Add --yes to make these changes.')
  }
  return [...lines, '', ...hints, 'Next, see what a build would generate: `imagegen plan`'].join(
    '\n',
  )
}

/** So that the project's own type check passes. The configuration is another one than before. */
async function writeTypes({ context, flags }: CommandSession): Promise<void> {
  const pipeline = await openCommandPipeline(context, flags, {
    adjust: withoutNetwork,
    whateverBuildsUse: true,
    beginsHere: true,
  })
  try {
    if (pipeline.options.types !== false) await syncTypes(pipeline)
  } finally {
    await pipeline.close()
  }
}

/** Only a terminal can be asked. */
async function confirm(
  shown: string,
  { stdin, stderr }: Pick<CliContext, 'stdin' | 'stderr'>,
): Promise<boolean> {
  if (!stdin.isTTY || !stderr.isTTY) return false
  const terminal = createInterface({ input: stdin, output: stderr })
  try {
    const answer = await terminal.question(`${shownColored(shown)}\n\nMake these changes? [y/N] `)
    return /^y(?:es)?$/i.test(answer.trim())
  } finally {
    terminal.close()
  }
}

async function applyChanges(changes: readonly InitChange[], root: string): Promise<void> {
  for (const { file, action, content } of changes) {
    const target = path.join(root, file)
    await mkdir(path.dirname(target), { recursive: true })
    // What appeared in the meantime is not overwritten.
    await writeFile(target, content, { flag: action === 'create' ? 'wx' : 'w' })
  }
}
