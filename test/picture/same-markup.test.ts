import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { CASES } from './cases.ts'
import { PAGE_FRAMEWORKS, renderOnServer } from './frameworks.ts'
import { parseMarkup } from './parse-markup.ts'

/** What a framework says on the console is a warning to its users. */
function watchConsole(): readonly unknown[][] {
  const calls: unknown[][] = []
  for (const level of ['warn', 'error'] as const) {
    const spy = vi.spyOn(console, level).mockImplementation((...args) => void calls.push(args))
    onTestFinished(() => spy.mockRestore())
  }
  return calls
}

describe.each(PAGE_FRAMEWORKS)('$name', framework => {
  test('renders the markup of every case on a server, without a warning', async () => {
    const warnings = watchConsole()
    const html = await renderOnServer(framework, CASES)
    for (const { name, markup } of CASES) {
      const [, section = ''] = html.split(`<section id="${name}">`)
      const [rendered = ''] = section.split('</section>')
      expect(parseMarkup(rendered), name).toEqual(parseMarkup(markup))
    }
    expect(warnings).toEqual([])
  })
})
