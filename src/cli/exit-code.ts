import { CommanderError } from 'commander'
import { ConfigError } from '../errors/config-error.ts'
import { ExportTargetError } from '../errors/export-target-error.ts'
import { TwoCachesError } from '../errors/two-caches-error.ts'
import type { ExitCode } from './command-session.ts'
import { UsageError } from './usage-error.ts'

/** An attempt may have been billed, and brought no picture. */
export const OUTCOME_UNCERTAIN = 3
/** `--deadline` held requests back. */
export const DEADLINE_PASSED = 4

/** Which exit code an error stands for. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError || error instanceof ConfigError) return 2
  if (error instanceof TwoCachesError || error instanceof ExportTargetError) return 2
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  return 1
}
