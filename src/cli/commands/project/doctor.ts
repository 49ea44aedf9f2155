import { ImagegenError } from '../../../errors/imagegen-error.ts'
import type { InternalPipeline } from '../../../pipeline/pipeline.ts'
import { shownText } from '../../../text/shown-text.ts'
import type { CommandBody, CommandSession } from '../../command-session.ts'
import { baseCommand, type DefineCommand, examples } from '../../define-command.ts'
import { checkApis } from '../../doctor/check-api.ts'
import { checkCache } from '../../doctor/check-cache.ts'
import { checkProject } from '../../doctor/check-project.ts'
import { checkRuntime } from '../../doctor/check-runtime.ts'
import { type Finding, findingOf } from '../../doctor/finding.ts'
import { count, renderTable } from '../../output/format.ts'

/** What `imagegen doctor --json` prints. */
export interface DoctorDocument {
  readonly version: 1
  readonly checks: readonly Finding[]
  readonly summary: { readonly warnings: number; readonly problems: number }
}

export const doctorCommand: DefineCommand = run =>
  baseCommand(
    'doctor',
    'find out why something does not work',
    'Checks Node, sharp, the API key, the connection to the API, the cache, the shared store, Git LFS, the bundler and types. Opens a connection to the API but sends no request, so it costs nothing. Never shows a key. Ends with 1 when there is a problem.',
  )
    .addHelpText(
      'after',
      examples([
        ['imagegen doctor', 'check everything'],
        ['imagegen doctor --json', 'the same for a bug report or a script'],
      ]),
    )
    .action((flags: object) => run(diagnose, [], flags))

const diagnose: CommandBody<object> = async session => {
  const checks = [...(await checkRuntime()), ...(await checkOpened(session))]
  const inLevel = (level: Finding['level']) => checks.filter(check => check.level === level).length
  const json: DoctorDocument = {
    version: 1,
    checks,
    summary: { warnings: inLevel('warning'), problems: inLevel('problem') },
  }
  return { json, text: renderChecks(json, session), exitCode: json.summary.problems > 0 ? 1 : 0 }
}

/** Without a configuration that can be read, nothing more can be said. */
async function checkOpened(session: CommandSession): Promise<readonly Finding[]> {
  const { context, flags } = session
  let pipeline: InternalPipeline
  try {
    pipeline = await session.openPipeline()
  } catch (error) {
    if (error instanceof ImagegenError) return [findingOf('configuration', error)]
    throw error
  }
  const found = await Promise.all([
    checkApis(pipeline.options, {
      readVariable: context.readVariable,
      environment: flags.env ?? 'development',
    }),
    checkCache(pipeline),
    checkProject(pipeline),
  ])
  return found.flat()
}

const COLORS = { ok: 'green', warning: 'yellow', problem: 'red' } as const

function renderChecks(
  { checks, summary }: DoctorDocument,
  { colors, context }: CommandSession,
): string {
  const table = renderTable(
    checks.map(({ level, check, message }) => [level, check, shownText(message)]),
    (cell, row, column) => {
      const level = checks[row]?.level
      return column === 0 && level ? colors[COLORS[level]](cell) : cell
    },
    context.stdout.columns,
  )
  const { problems, warnings } = summary
  const totals =
    problems + warnings === 0
      ? 'Everything works.'
      : `${count(problems, 'problem')}, ${count(warnings, 'warning')}.`
  return `${table}\n\n${totals}`
}
