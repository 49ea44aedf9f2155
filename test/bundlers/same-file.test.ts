import { expect, test } from 'vitest'
import type { OpenPipeline } from '../../src/bundlers/session/plugin-session.ts'
import { openForPlugin } from '../../src/pipeline/open-pipeline.ts'
import { startApi } from '../support/project.ts'
import { BUNDLERS } from './bundlers.ts'
import { writeSite } from './sample-site.ts'

const open: OpenPipeline = (options, start, host) =>
  openForPlugin(
    options,
    { ...start, readVariable: name => (name === 'LLMEASY_API_KEY' ? 'test-key' : undefined) },
    host,
  )

for (const bundler of BUNDLERS) {
  test(`${bundler.name} names both places when two manifests have one file name`, async () => {
    const root = await writeSite({
      'a.image.yaml': 'prompt: Card of page a\noutput: { file: og.png }\n',
      'b.image.yaml': 'prompt: Card of page b\noutput: { file: OG.png }\n',
      'main.js': `import a from './a.image.yaml'; import b from './b.image.yaml'; export { a, b }`,
    })
    const api = await startApi({ scale: 1 / 16 })
    const options = { provider: { baseURL: api.url }, onSizeMismatch: 'ignore' } as const
    const building = bundler.build({ root, open, options })
    await expect(building).rejects.toThrow(
      /b\.image\.yaml:2:1[67][\s\S]*a\.image\.yaml:2:17[\s\S]*og\.png[\s\S]*OG\.png/,
    )
  })
}
