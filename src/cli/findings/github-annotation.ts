import path from 'node:path'
import { projectPath } from '../../system/project-path.ts'
import { shownText } from '../../text/shown-text.ts'
import type { Problem } from '../output/problem.ts'

/**
 * A problem as a workflow command of GitHub Actions, which shows it at its line of a pull request.
 * @param root absolute path of the project root
 * @param workspace absolute path of the checkout, which GitHub's paths are relative to
 */
export function renderAnnotation(problem: Problem, root: string, workspace: string): string {
  const { line, column, message } = problem
  const file = projectPath(workspace, path.join(root, problem.file))
  const properties = [
    `file=${escapeProperty(file)}`,
    `line=${line}`,
    `col=${column}`,
    `title=${escapeProperty(problem.image ? `imagegen: ${problem.image}` : 'imagegen')}`,
  ]
  return `::error ${properties.join(',')}::${escapeData(message)}`
}

/** Characters that a workflow command has to escape. */
function escapeData(text: string): string {
  return shownText(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
