import { withoutNetwork } from '../../config/without-network.ts'
import { shownText } from '../../text/shown-text.ts'
import type { CommandBody, CommandSession } from '../command-session.ts'
import { type DefineCommand, examples, imagesCommand } from '../define-command.ts'
import { type Findings, findProblems } from '../findings/find-problems.ts'
import { renderAnnotation } from '../findings/github-annotation.ts'
import { count } from '../output/format.ts'
import type { Problem } from '../output/problem.ts'
import { selectImages } from '../select-images.ts'
import type { Colors } from '../terminal.ts'

/** What `imagegen check --json` prints. */
export interface CheckDocument {
  readonly version: 1
  readonly problems: readonly Problem[]
  readonly summary: {
    readonly manifests: number
    readonly images: number
    readonly problems: number
  }
}

export const checkCommand: DefineCommand = run =>
  imagesCommand(
    'check',
    'in CI: is everything present, intact and current?',
    'Checks that every image of every manifest is present and intact, byte for byte, and that types and schema are current. Uses no network. Lists every problem; in GitHub Actions also as an annotation on its line.',
  )
    .addHelpText(
      'after',
      examples([
        ['imagegen check', 'everything'],
        ['imagegen check src/site.image.yaml', 'one manifest, for a pre-commit hook'],
        ['imagegen check --json', 'output for scripts'],
      ]),
    )
    .action((args: string[], flags: object) => run(check, args, flags))

const check: CommandBody<object> = async (session, args) => {
  const pipeline = await session.openPipeline({ adjust: withoutNetwork })
  const selection = await selectImages(pipeline, args, session)
  const findings = await findProblems(pipeline, selection)
  annotate(findings.problems, pipeline.options.root, session)
  return {
    json: describeFindings(findings),
    text: renderFindings(findings, session.colors),
    exitCode: findings.problems.length > 0 ? 1 : 0,
  }
}

/** On stderr, which GitHub reads as well, so that `--json` keeps stdout to itself. */
function annotate(
  problems: readonly Problem[],
  root: string,
  { context, errors }: CommandSession,
): void {
  if (context.readVariable('GITHUB_ACTIONS') !== 'true') return
  const workspace = context.readVariable('GITHUB_WORKSPACE') ?? context.cwd
  for (const problem of problems) {
    errors.write(`${renderAnnotation(problem, root, workspace)}\n`)
  }
}

function describeFindings({ problems, manifests, images }: Findings): CheckDocument {
  return { version: 1, problems, summary: { manifests, images, problems: problems.length } }
}

function renderFindings({ problems, manifests, images }: Findings, colors: Colors): string {
  const looked = `${count(images, 'image')} of ${count(manifests, 'manifest')}`
  if (problems.length === 0) return colors.green(`${looked}: all present, intact and current.`)
  const lines = problems.map(
    ({ file, line, column, message }) =>
      `${colors.bold(`${file}:${line}:${column}`)} ${shownText(message)}`,
  )
  return [...lines, '', colors.red(`${looked}: ${count(problems.length, 'problem')}.`)].join('\n')
}
