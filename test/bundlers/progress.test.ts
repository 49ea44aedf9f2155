import { expect, test, vi } from 'vitest'
import type { OpenPipeline } from '../../src/bundlers/session/plugin-session.ts'
import { openForPlugin } from '../../src/pipeline/open-pipeline.ts'
import { KEY, startApi } from '../support/project.ts'
import { BUNDLERS } from './bundlers.ts'
import { writeSite } from './sample-site.ts'

const open: OpenPipeline = (options, start, host) =>
  openForPlugin(
    options,
    { ...start, readVariable: name => (name === 'LLMEASY_API_KEY' ? KEY : undefined) },
    host,
  )

/** The lines that a build of ours writes to stderr. */
async function linesOf(build: () => Promise<unknown>): Promise<readonly string[]> {
  const written: string[] = []
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation(chunk => {
    written.push(String(chunk))
    return true
  })
  try {
    await build()
  } finally {
    spy.mockRestore()
  }
  return written
    .join('')
    .split('\n')
    .filter(line => line.startsWith('[unplugin-imagegen]'))
}

test.each(BUNDLERS)(
  '$name tells what a build generates, and nothing when nothing was to do',
  async bundler => {
    const api = await startApi({ apiKey: KEY })
    const root = await writeSite({
      'main.js': `export { hero } from './site.image.yaml'\n`,
      'site.image.yaml': 'images:\n  hero: { prompt: A lighthouse, size: 1024x1024 }\n',
    })
    const options = { provider: { baseURL: api.url }, onSizeMismatch: 'ignore' } as const
    const build = () => bundler.build({ root, open, options })
    expect(await linesOf(build)).toEqual([
      '[unplugin-imagegen] Generating 1 image. This can take a few minutes.',
      '[unplugin-imagegen] site.image.yaml#hero: generating',
      '[unplugin-imagegen] [1/1] site.image.yaml#hero: generated',
    ])
    expect(await linesOf(build)).toEqual([])
    expect(api.count).toBe(1)
  },
)
