import { readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { CASES } from '../../../test/picture/cases.ts'
import { parseMarkup } from '../../../test/picture/parse-markup.ts'
import { expectThat } from '../failure.ts'
import type { Check } from '../run.ts'

/**
 * The framework's component writes the markup that all others write. The tests compare those that
 * they can render; this one needs the framework.
 */
export const checkMarkup: Check = async ({ workspace }) => {
  const { app, example, run } = workspace
  const { markup, scripts } = example
  if (!markup) return '–'
  const page = path.join(app, markup.page)
  await writeFile(page, markup.render(JSON.stringify(CASES)))
  await run(scripts.build)
  await rm(page)
  const html = await readFile(path.join(app, markup.html), 'utf8')
  for (const { name, markup: expected } of CASES) {
    const [, section = ''] = html.split(`<section id="${name}">`)
    const [rendered = ''] = section.split('</section>')
    expectThat(
      isDeepStrictEqual(parseMarkup(rendered), parseMarkup(expected)),
      `${name} is\n${rendered}\ninstead of\n${expected}`,
    )
  }
  return `${CASES.length} cases`
}
