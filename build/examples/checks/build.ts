import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { expectThat } from '../failure.ts'
import type { Check } from '../run.ts'
import { expectEachOnce } from './requests.ts'

const TEXT = /\.(?:[cm]?js|css|html|json|map|ya?ml|txt|rsc)$/

/** The framework's own build takes what the command line generated, and emits what is used. */
export const checkBuild: Check = async run => {
  const { workspace, api } = run
  const { scripts, outputs, unused, emitted } = workspace.example
  await workspace.run(scripts.build)
  await expectEachOnce(run)
  let pictures = 0
  for (const output of outputs) {
    const folder = path.join(workspace.app, output)
    for (const name of await readdir(folder, { recursive: true })) {
      if (name.includes('node_modules')) continue
      if (/\.(?:png|jpe?g|webp|avif)$/.test(name)) pictures++
      const isUnused = unused.some(image => path.basename(name).startsWith(`${image}-`))
      expectThat(!isUnused, `${output} holds ${name}, which no code uses.`)
      if (!TEXT.test(name)) continue
      const text = await readFile(path.join(folder, name), 'utf8')
      const prompt = api.requests.find(request => text.includes(request.prompt))?.prompt
      expectThat(prompt === undefined, `${output}/${name} holds a prompt: ${prompt}`)
    }
  }
  expectThat(pictures > 0, `${outputs.join(', ')} holds no picture.`)
  expectThat(
    emitted === undefined || pictures === emitted,
    `The build emits ${pictures} pictures instead of ${emitted}.`,
  )
  return `${pictures} files`
}
