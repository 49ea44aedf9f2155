import type { Browser } from 'playwright-core'
import type { ApiServer } from '../../test/api-server/server.ts'
import type { Workspace } from './workspace.ts'

/** What a check gets. */
export interface ExampleRun {
  readonly workspace: Workspace
  readonly api: ApiServer
  readonly browser: Browser
}

/** Does one part of what an example has to show. @returns what its cell of the table says */
export type Check = (run: ExampleRun) => Promise<string>
