import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { options } from './options.ts'

/**
 * Writes a report as a file of its own, or into a page that has the marks for it:
 * `<!-- measured -->` and `<!-- /measured -->`, with `measured-node-22` for those peers.
 */
export async function writeReport(output: string, report: string): Promise<void> {
  const file = path.resolve(output)
  const page = await readFile(file, 'utf8').catch(() => '')
  const name = ['measured', options.peers].filter(Boolean).join('-')
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`]
  const [before, rest] = page.split(start)
  const after = rest?.split(end)[1]
  const text =
    after === undefined ? report : `${before}${start}\n\n${report.trim()}\n\n${end}${after}`
  await writeFile(file, text)
}
