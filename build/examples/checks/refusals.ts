import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { readIfThere } from '../../../src/system/files/present-file.ts'
import type { ExampleRefusal } from '../example.ts'
import { ExampleFailure, expectThat } from '../failure.ts'
import type { Check, ExampleRun } from '../run.ts'

/** What cannot work fails the framework's own build, with words that say what to do. */
export const checkRefusals: Check = async run => {
  const { refusals = [] } = run.workspace.example
  for (const refusal of refusals) await expectRefusal(run, refusal)
  return refusals.length === 0 ? '–' : String(refusals.length)
}

async function expectRefusal(
  { workspace: { app, example, run } }: ExampleRun,
  { file, change, message }: ExampleRefusal,
): Promise<void> {
  const target = path.join(app, file)
  const before = await readIfThere(target)
  await mkdir(path.dirname(target), { recursive: true })
  await writeFile(target, change(before ?? ''))
  try {
    const failure = await run(example.scripts.build).then(
      () => undefined,
      (error: unknown) => error,
    )
    if (!(failure instanceof ExampleFailure)) {
      throw failure ?? new ExampleFailure(`${file} was built: ${change(before ?? '')}`)
    }
    const said = failure.output.replaceAll(/\s+/g, ' ')
    expectThat(said.includes(message), `${file} is refused without "${message}": ${failure}`)
  } finally {
    if (before === undefined) await rm(target)
    else await writeFile(target, before)
  }
}
