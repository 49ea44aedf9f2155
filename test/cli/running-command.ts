import { type ChildProcess, spawn } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { startApi } from '../support/project.ts'
import type { Bin } from '../support/run-bin.ts'
import { createSampleProject } from './sample-project.ts'

/** A command that runs as a process group of its own. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  text(): string
  /** To the whole group, as a terminal does. */
  signal(signal: NodeJS.Signals): void
}

export function startCommand(
  command: string,
  args: readonly string[],
  cwd: string,
  url: string,
): Running {
  const { PATH, HOME } = process.env
  const env = { PATH, HOME, LLMEASY_API_KEY: 'test-key', LLMEASY_BASE_URL: url }
  const child = spawn(command, args, { cwd, env, detached: true })
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', more => {
      text += more
    })
  }
  const signal = (name: NodeJS.Signals): void => {
    if (child.pid !== undefined) process.kill(-child.pid, name)
  }
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) signal('SIGKILL')
  })
  return { child, text: () => text, signal, ended: new Promise(end => child.on('close', end)) }
}

/** Eight images, and an API that takes so many milliseconds for each. */
export async function createSite(bin: Bin, delay: number, options: object = {}) {
  const api = await startApi({ apiKey: 'test-key', scale: 1 / 32, vary: true, delay })
  const images = Array.from(
    { length: 8 },
    (_, index) => `  p${index}: { prompt: Number ${index} }\n`,
  )
  const cwd = await createSampleProject({
    'package.json': JSON.stringify({
      name: 'site',
      scripts: { images: `node ${bin.file} generate` },
    }),
    'imagegen.config.json': JSON.stringify({ onSizeMismatch: 'ignore', ...options }),
    'src/site.image.yaml': `images:\n${images.join('')}`,
  })
  const kept = async (): Promise<number> => {
    const files = await readdir(path.join(cwd, '.imagegen/entries'), { recursive: true }).catch(
      () => [],
    )
    return files.filter(name => name.endsWith('.json')).length
  }
  return { api, cwd, kept }
}
