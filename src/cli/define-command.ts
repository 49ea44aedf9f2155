import { Command, InvalidArgumentError } from 'commander'
import type { CommandBody } from './command-session.ts'

/** Runs a command's body with the arguments and flags of the command line. */
export type Run = <Flags extends object>(
  body: CommandBody<Flags>,
  args: readonly string[],
  flags: Flags,
) => Promise<void>

/** How a command file gives its command to the program. */
export type DefineCommand = (run: Run) => Command

/** A command with the flags that all of them share. */
export function baseCommand(name: string, summary: string, description: string): Command {
  return new Command(name)
    .summary(summary)
    .description(description)
    .option('--json', 'print only one JSON object to stdout')
    .option(
      '--config <file>',
      'configuration file (default: the nearest imagegen.config.{ts,mts,mjs,js,json})',
    )
    .option('--root <dir>', 'project root (default: found from the working directory upwards)')
    .option('--env <name>', 'read API keys from .env.<name> too', 'development')
    .option('--quiet', 'print only errors and the result')
    .option('--verbose', 'print request IDs and images that were present already, too')
    .option('--debug', 'show stack traces and causes of errors')
}

/** {@link baseCommand} over a selection of images. */
export function imagesCommand(name: string, summary: string, description: string): Command {
  return baseCommand(name, summary, description)
    .argument(
      '[images...]',
      "manifests, globs, manifest#image, or an image's name where it is unique (default: every manifest)",
    )
    .option('--allow-empty', 'succeed when there is no manifest')
}

/** Help that teaches by example. */
export function examples(lines: readonly (readonly [command: string, what: string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length))
  const rendered = lines.map(([command, what]) => `  ${command.padEnd(width)}  ${what}`)
  return `\nExamples:\n${rendered.join('\n')}\n`
}

/** For numbers on the command line: whole, and at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return text => {
    const number = Number(text)
    if (/^\d+$/.test(text) && Number.isSafeInteger(number) && number >= least) return number
    throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`)
  }
}

/** For amounts on the command line: `0.5`, `12`. */
export function parseAmount(text: string): number {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Number(text)
  throw new InvalidArgumentError('It must be an amount such as 2 or 0.50, without a currency.')
}

const MILLISECONDS = { h: 3_600_000, d: 86_400_000, w: 604_800_000 }

const DURATIONS = { s: 1_000, m: 60_000, h: 3_600_000 }

/** `90s`, `45m`, `2h` in milliseconds. */
export function parseDuration(text: string): number {
  const match = /^([1-9]\d*)([smh])$/.exec(text)
  const unit = match?.[2] as keyof typeof DURATIONS | undefined
  if (match && unit) return Number(match[1]) * DURATIONS[unit]
  throw new InvalidArgumentError('It must be a duration such as 90s, 45m or 2h.')
}

/** `12h`, `30d`, `6w` in milliseconds. */
export function parseAge(text: string): number {
  const match = /^(\d+)([hdw])$/.exec(text)
  const unit = match?.[2] as keyof typeof MILLISECONDS | undefined
  if (match && unit) return Number(match[1]) * MILLISECONDS[unit]
  throw new InvalidArgumentError('It must be an age such as 12h, 30d or 6w.')
}
