import { Writable } from 'node:stream'
import type { Command } from 'commander'
import { createProgram } from '../../src/cli/main.ts'
import { renderTable } from './table.ts'

/** Every command with what it does in one line. */
export function renderCommandTable(): string {
  return renderTable(
    ['command', 'what it does'],
    readCommands().map(command => {
      const name = command.name()
      return [`[\`${name}\`](#imagegen-${name})`, command.summary()]
    }),
  )
}

/** Every command with its `--help`, as a terminal of 80 columns shows it. */
export function renderCommandHelp(): string {
  return readCommands()
    .map(command => `### imagegen ${command.name()}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\``)
    .join('\n\n')
}

/** Every command with its flags, short ones left out. */
export function readFlags(): ReadonlyMap<string, readonly string[]> {
  return new Map(
    readCommands().map(command => {
      const flags = command.options.flatMap(({ long }) => long ?? [])
      return [command.name(), [...flags, '--help']]
    }),
  )
}

function readCommands(): readonly Command[] {
  const stdout = new Writable()
  return createProgram({ stdout }, async () => undefined).commands
}

function helpOf(command: Command): string {
  const written: string[] = []
  command.configureOutput({ writeOut: text => void written.push(text) }).outputHelp()
  return written.join('').trim()
}
