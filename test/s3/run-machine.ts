import { type ChildProcess, spawn } from 'node:child_process'
import { onTestFinished } from 'vitest'
import { makeDependentFolder, removeFolder } from '../support/folder.ts'
import { bundleChild } from '../support/run-child.ts'

/** Bundles a script of `children/` without its dependencies. @default a folder where these resolve */
export async function bundleMachine(script: string, folder?: string): Promise<string> {
  const target = folder ?? (await makeDependentFolder())
  if (!folder) onTestFinished(() => removeFolder(target))
  return bundleChild(`s3/children/${script}`, target, 'external')
}

export interface Machine {
  readonly child: ChildProcess
  /** All output so far. */
  readonly printed: () => string
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/** A process that ends with the running test at the latest. */
export function startMachine(script: string, ...args: string[]): Machine {
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  })
  let printed = ''
  const take = (text: string) => {
    printed += text
  }
  child.stdout.setEncoding('utf8').on('data', take)
  child.stderr.setEncoding('utf8').on('data', take)
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return {
    child,
    printed: () => printed,
    ended: new Promise(done => child.on('close', (code, signal) => done({ code, signal }))),
  }
}
