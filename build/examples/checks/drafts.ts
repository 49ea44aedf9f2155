import { expectThat } from '../failure.ts'
import { expectLoaded, expectNoProblems, openPage } from '../pictures.ts'
import type { Check, ExampleRun } from '../run.ts'
import { openDrafts, visitPages } from './development.ts'
import { forgetPictures } from './requests.ts'

/** The example opens for somebody who has no key: with drafts, and without a request. */
export const checkDrafts: Check = async run => {
  const { example, keyless } = run.workspace
  await forgetPictures(run)
  const isBuilt = example.noDevelopment !== undefined
  if (isBuilt) await keyless.run(example.scripts.build)
  const server = await keyless.serve(isBuilt ? example.scripts.start : example.scripts.dev)
  try {
    if (!isBuilt) await visitPages(run, server.url)
    for (const page of example.pages) {
      await (isBuilt ? checkBuilt : checkDeveloped)(run, `${server.url}${page}`)
    }
  } finally {
    await server.close()
  }
  expectThat(run.api.count === 0, `${run.api.count} requests without a key.`)
  return isBuilt ? 'build' : 'pass'
}

async function checkDeveloped(run: ExampleRun, url: string): Promise<void> {
  const watched = await openDrafts(run, url)
  expectNoProblems(watched)
  await watched.close()
}

/** In a build drafts are pictures like others. */
async function checkBuilt({ browser }: ExampleRun, url: string): Promise<void> {
  const watched = await openPage(browser, url)
  await expectLoaded(watched)
  expectNoProblems(watched)
  await watched.close()
}
