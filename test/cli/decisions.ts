import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect } from 'vitest'
import type { ApiServer } from '../api-server/server.ts'
import { type Files, filesBelow, writeFiles } from '../support/folder.ts'
import { KEY, startApi } from '../support/project.ts'
import { runMain } from '../support/run-main.ts'
import { createSampleProject } from './sample-project.ts'

export const MANIFEST = 'src/site.image.yaml'
export const HERO = `${MANIFEST}#hero`
export const NIGHT = `${MANIFEST}#hero-night`

/** A configuration with another model than the default. */
export const OTHER_MODEL: Files = {
  'imagegen.config.json': '{ "provider": { "model": "gpt-image-3" }, "onSizeMismatch": "ignore" }',
}

/** A project whose API counts, and the command line over it. */
export interface DecisionSite {
  readonly api: ApiServer
  readonly cwd: string
  /** Has the API's key for `generate` alone: nothing else may need it. */
  imagegen(...args: string[]): ReturnType<typeof runMain>
  /** What a command prints with `--json`. */
  document(...args: string[]): Promise<ReturnType<typeof JSON.parse>>
  /** Generates what is missing, with exactly so many requests. */
  generate(requests: number): Promise<void>
  entries(): Promise<readonly string[]>
  blobs(): Promise<readonly string[]>
  manifest(): Promise<string>
  editManifest(from: string, to: string): Promise<void>
}

export async function openSite(
  files: Files = {},
  env: Readonly<Record<string, string>> = {},
): Promise<DecisionSite> {
  const api = await startApi({ apiKey: KEY, vary: true })
  const cwd = await createSampleProject({
    'imagegen.config.json': '{ "onSizeMismatch": "ignore" }',
    ...files,
  })
  return siteIn(cwd, api, env)
}

export function siteIn(
  cwd: string,
  api: ApiServer,
  env: Readonly<Record<string, string>> = {},
): DecisionSite {
  function imagegen(...args: string[]) {
    const address = { ...env, LLMEASY_BASE_URL: api.url }
    const key = args[0] === 'generate' ? { LLMEASY_API_KEY: KEY } : {}
    return runMain(args, cwd, { ...address, ...key })
  }
  const manifest = () => readFile(path.join(cwd, MANIFEST), 'utf8')
  return {
    api,
    cwd,
    imagegen,
    document: async (...args) => JSON.parse((await imagegen(...args, '--json')).stdout),
    async generate(requests) {
      const before = api.count
      const { code, stderr } = await imagegen('generate')
      expect({ code, requests: api.count - before }, stderr).toEqual({ code: 0, requests })
    },
    entries: () => filesBelow(path.join(cwd, '.imagegen/entries')),
    blobs: () => filesBelow(path.join(cwd, '.imagegen/blobs')),
    manifest,
    async editManifest(from, to) {
      const text = await manifest()
      expect(text).toContain(from)
      await writeFiles(cwd, { [MANIFEST]: text.replace(from, to) })
    },
  }
}
