import path from 'node:path'
import { expectThat } from '../failure.ts'
import {
  expectLoaded,
  expectNoProblems,
  expectPictures,
  openPage,
  pictureUrls,
} from '../pictures.ts'
import type { Check, ExampleRun } from '../run.ts'

/** The built site shows its pictures in a browser, and its HTML names the same ones. */
export const checkRunningSite: Check = async run => {
  const { example, serve } = run.workspace
  const server = await serve(example.scripts.start)
  try {
    let urls = 0
    for (const page of example.pages) urls += await checkPage(run, server.url, page)
    return `${urls} URLs`
  } finally {
    await server.close()
  }
}

async function checkPage(run: ExampleRun, server: string, page: string): Promise<number> {
  const { browser, workspace } = run
  const html = await (await fetch(`${server}${page}`)).text()
  const watched = await openPage(browser, `${server}${page}`)
  try {
    await watched.page.waitForLoadState('networkidle')
    await expectLoaded(watched)
    const urls = await pictureUrls(watched)
    await expectPictures(watched, urls)
    expectNoProblems(watched)
    const name = `${workspace.example.name}${page.replace(/[^\w]+/g, '-')}.png`
    await watched.page.screenshot({ path: path.join(path.dirname(workspace.log), name) })
    if (workspace.example.rendered?.includes(page)) {
      const rendered = await pictureUrls(watched, html)
      const missing = urls.filter(url => !rendered.includes(url))
      expectThat(missing.length === 0, `The HTML of ${page} does not name ${missing.join(', ')}.`)
    }
    return urls.length
  } finally {
    await watched.close()
  }
}
