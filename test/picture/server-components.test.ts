import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { build } from 'esbuild'
import { expect, onTestFinished, test } from 'vitest'
import { CASES } from './cases.ts'
import { parseMarkup } from './parse-markup.ts'

const REPOSITORY = path.resolve(import.meta.dirname, '../..')

const SERVER = `import { createElement } from 'react'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { renderToPipeableStream } from 'react-server-dom-webpack/server'
import { Picture } from 'unplugin-imagegen/react'
const App = async ({ cases }) => cases.map(({ name, src, props: { style, class: className, ...rest } }) =>
  createElement('section', { key: name, id: name }, createElement(Picture, { src, className, ...rest })))
export async function render(cases) {
  const errors = []
  const { pipe } = renderToPipeableStream(createElement(App, { cases }), {}, { onError: error => void errors.push(error) })
  const payload = await text(pipe(new PassThrough()))
  return { payload, errors }
}`

const PAGE = `import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { createFromNodeStream } from 'react-server-dom-webpack/client.node'
import { renderToPipeableStream } from 'react-dom/server'
import { PassThrough } from 'node:stream'
export async function render(payload) {
  const tree = await createFromNodeStream(Readable.from([Buffer.from(payload)]), { moduleMap: {}, moduleLoading: null, serverModuleMap: null })
  const { pipe } = renderToPipeableStream(tree)
  return text(pipe(new PassThrough()))
}`

/** A program as a server with server components runs it, or the part of it that renders HTML. */
async function load<Render>(contents: string, conditions: string[]): Promise<Render> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: REPOSITORY, loader: 'js' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    conditions,
    define: { 'process.env.NODE_ENV': '"development"' },
  })
  const file = path.join(tmpdir(), `imagegen-components-${randomUUID()}.cjs`)
  await writeFile(file, outputFiles[0]?.contents ?? '')
  onTestFinished(() => rm(file))
  const { render } = createRequire(import.meta.url)(file) as { render: Render }
  return render
}

test('a server component shows pictures, and sends the page no script for them', async () => {
  const cases = CASES.filter(({ props }) => !('style' in props))
  const renderServer = await load<
    (cases: unknown) => Promise<{ payload: string; errors: readonly unknown[] }>
  >(SERVER, ['react-server'])
  const { payload, errors } = await renderServer(cases)
  expect(errors).toEqual([])
  // Lines that begin so would import client components.
  expect(payload).not.toMatch(/^\w+:I/m)

  const renderPage = await load<(payload: string) => Promise<string>>(PAGE, [])
  const html = await renderPage(payload)
  for (const { name, markup } of cases) {
    const [, section = ''] = html.split(`<section id="${name}">`)
    const [rendered = ''] = section.split('</section>')
    expect(parseMarkup(rendered), name).toEqual(parseMarkup(markup))
  }
})
