import { PassThrough, Writable } from 'node:stream'
import { main } from '../../src/cli/main.ts'

/** Runs {@link main} in this process, for tests that need neither a process nor a terminal of its own. */
export async function runMain(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  let [stdout, stderr] = ['', '']
  const collect = (add: (text: string) => void) =>
    new Writable({
      write(chunk, _, done) {
        add(String(chunk))
        done()
      },
    })
  const code = await main(args, {
    stdin: new PassThrough(),
    stdout: collect(text => {
      stdout += text
    }),
    stderr: collect(text => {
      stderr += text
    }),
    cwd,
    readVariable: name => env[name],
    onInterrupt: () => () => undefined,
    exit: () => undefined,
    now: () => Date.now(),
  })
  return { code, stdout, stderr }
}
