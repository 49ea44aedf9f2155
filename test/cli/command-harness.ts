import { afterAll, beforeAll, beforeEach } from 'vitest'
import { type ApiServer, createApiServer } from '../api-server/server.ts'
import { type Bin, prepareBin } from '../support/run-bin.ts'

/** The real command and an API for it, for all tests of a file. */
export interface CommandHarness {
  readonly bin: Bin
  readonly server: ApiServer
  /** What a user's environment has. */
  env(): Readonly<Record<string, string>>
}

/** Call it at the top of a file. Its fields are there once tests run. */
export function prepareCommand(): CommandHarness {
  let bin: Bin
  let server: ApiServer
  beforeAll(async () => {
    bin = await prepareBin()
    server = await createApiServer({ scale: 1 / 16, vary: true })
  })
  afterAll(async () => {
    await server.close()
    await bin.remove()
  })
  beforeEach(() => {
    server.reset()
    server.setDelay(0)
  })
  return {
    get bin() {
      return bin
    },
    get server() {
      return server
    },
    env: () => ({ LLMEASY_API_KEY: 'test-key', LLMEASY_BASE_URL: server.url }),
  }
}
