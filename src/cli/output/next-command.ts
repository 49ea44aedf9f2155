import { findPackageManager, renderCommands } from '../../project/package-manager.ts'
import type { CliContext } from '../command-session.ts'

/** A text for people whose commands can be copied into a shell of this project. */
export async function inProjectsForm(
  text: string,
  { cwd }: Pick<CliContext, 'cwd'>,
): Promise<string> {
  return text.includes('`imagegen ') ? renderCommands(text, await findPackageManager(cwd)) : text
}
