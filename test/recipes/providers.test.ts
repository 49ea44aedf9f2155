import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { openProject } from '../../src/pipeline/open-pipeline.ts'
import { createProject } from '../support/project.ts'
import { GATEWAY_KEY, startGateway } from './gateways.ts'

const guide = await readFile(
  path.resolve(import.meta.dirname, '../../docs/reference/providers.md'),
  'utf8',
)

/** The configuration that the guide shows for a gateway. */
function recipeOf(name: string): string {
  const [, text = ''] =
    new RegExp(`<!-- ${name} -->\\s+\`\`\`js\\n([\\s\\S]*?)\`\`\``).exec(guide) ?? []
  return text
}

async function generate(name: string, manifest: string, how: { links?: boolean } = {}) {
  const gateway = await startGateway(name, how)
  const project = await createProject({
    'hero.image.yaml': manifest,
    'package.json': '{ "name": "site", "type": "module" }',
  })
  // The gateway's own address, on this machine.
  const recipe = recipeOf(name).replace(
    /https?:\/\/(?:localhost:\d+|[\w-]+\.openai\.azure\.com)/,
    gateway.origin,
  )
  await writeFile(path.join(project.root, 'imagegen.config.js'), recipe)
  await using pipeline = await openProject(
    { onSizeMismatch: 'ignore' },
    {
      start: project.root,
      readVariable: variable => (variable.endsWith('_API_KEY') ? GATEWAY_KEY : undefined),
    },
  )
  const report = await pipeline.generate()
  return { gateway, report }
}

describe('the recipe for', () => {
  test.each([
    ['azure', 'prompt: A lighthouse\nsize: 1536x1024\nparams: { quality: high }\n'],
    ['litellm', 'prompt: A lighthouse\n'],
    ['localai', 'prompt: A lighthouse\nsize: 512x512\nparams: { step: 20 }\n'],
    ['vllm', 'prompt: A lighthouse\nparams: { num_inference_steps: 50, seed: 42 }\n'],
  ])('%s sends what its documentation asks for', async (name, manifest) => {
    const { gateway, report } = await generate(name, manifest)
    expect(report.images).toMatchObject([{ outcome: 'generated' }])
    expect(gateway.requests).toHaveLength(1)
  })

  test('localai reads the address of a picture, too', async () => {
    const { report } = await generate('localai', 'prompt: A lighthouse\nsize: 512x512\n', {
      links: true,
    })
    expect(report.images).toMatchObject([{ outcome: 'generated' }])
  })
})

test('the provider that the guide shows is the one that the conformance kit tries', async () => {
  const tried = await readFile(path.resolve(import.meta.dirname, '../conformance/acme.ts'), 'utf8')
  const [, shown = ''] = /async generate\(([\\s\\S]*?)\n {2}\},\n/.exec(guide) ?? []
  const plain = (text: string) =>
    text
      .replaceAll(/\s+/g, ' ')
      .replace("'https://api.acme.example/pictures'", 'ADDRESS')
      .replace(/`\$\{url\}\/pictures`/, 'ADDRESS')
  expect(plain(tried)).toContain(plain(shown).trim())
})
