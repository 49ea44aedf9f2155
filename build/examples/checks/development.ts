import { setTimeout as wait } from 'node:timers/promises'
import type { Example } from '../example.ts'
import { expectThat } from '../failure.ts'
import { expectLoaded, expectNoProblems, openPage, type WatchedPage } from '../pictures.ts'
import type { Check, ExampleRun } from '../run.ts'
import { expectEachOnce, forgetPictures } from './requests.ts'

/** Development shows drafts at once, swaps them for pictures without a reload, and has a gallery. */
export const checkDevelopment: Check = async run => {
  const { workspace, api } = run
  const { example } = workspace
  if (example.noDevelopment !== undefined) return example.noDevelopment
  await forgetPictures(run)
  const answer = api.hold()
  const server = await workspace.serve(example.scripts.dev)
  try {
    await visitPages(run, server.url)
    const pages: WatchedPage[] = []
    for (const page of example.pages) pages.push(await openDrafts(run, `${server.url}${page}`))
    answer()
    for (const page of pages) await expectSwaps(page)
    if (example.gallery) await checkGallery(run, server.url, server.output())
  } finally {
    answer()
    await server.close()
  }
  await workspace.imagegen('generate')
  await expectEachOnce(run)
  return example.gallery ? 'swaps, gallery' : 'swaps'
}

/** Opens a page whose pictures do not come yet. */
export async function openDrafts(run: ExampleRun, url: string): Promise<WatchedPage> {
  const watched = await openPage(run.browser, url)
  // A picture that comes before a page takes over the HTML of its server is a difference to it.
  await watched.page.waitForLoadState('networkidle')
  await expectLoaded(watched)
  const drafts = await draftsOf(watched, run.workspace.example)
  expectThat(drafts.length > 0, `${url} shows no draft while pictures are being generated.`)
  await watched.page.evaluate(shown => Object.assign(window, { drafts: shown }), drafts)
  return watched
}

/** The pictures take their places in the open page. */
async function expectSwaps(watched: WatchedPage): Promise<void> {
  const { page } = watched
  const drafts = await page.evaluate((): string[] => Object(window).drafts ?? [])
  await page.waitForFunction(
    shown => [...document.images].every(img => img.src !== '' && !shown.includes(img.currentSrc)),
    drafts,
    { timeout: 60_000 },
  )
  await expectLoaded(watched)
  const stays = await page.evaluate(() => 'drafts' in window)
  expectThat(stays, `${page.url()} was loaded again when its pictures came.`)
  expectNoProblems(watched)
  await watched.close()
}

/**
 * Servers that prepare a page at its first visit load open pages again, others too: that is not ours.
 * @param server its address
 */
export async function visitPages(
  { browser, workspace }: ExampleRun,
  server: string,
): Promise<void> {
  for (const page of workspace.example.pages) {
    await waitForPage(`${server}${page}`)
    const first = await openPage(browser, `${server}${page}`)
    await first.page.waitForLoadState('networkidle')
    await first.close()
  }
}

/** Astro listens before the pages of its collections are there. A page that never comes fails when it is opened. */
async function waitForPage(url: string): Promise<void> {
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await wait(100)) {
    const response = await fetch(url)
    await response.arrayBuffer()
    if (response.status !== 404) return
  }
}

/** URLs of the drafts that a page shows. */
function draftsOf({ page }: WatchedPage, { rasterDrafts = false }: Example): Promise<string[]> {
  return page.evaluate(
    isEach =>
      [...document.images]
        .map(img => img.currentSrc)
        .filter(url => isEach || /\.svg(?:$|\?)/.test(url)),
    rasterDrafts,
  )
}

async function checkGallery(
  { browser, workspace }: ExampleRun,
  server: string,
  output: string,
): Promise<void> {
  expectThat(
    output.includes('__imagegen/'),
    `The server does not say where the gallery is:\n${output}`,
  )
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    await page.goto(`${server}/__imagegen/`)
    // Others stand in until the data is there.
    const cards = page.locator('a.card')
    await cards.nth(workspace.example.images - 1).waitFor({ timeout: 30_000 })
    const count = await cards.count()
    expectThat(count === workspace.example.images, `The gallery shows ${count} images.`)
  } finally {
    await context.close()
  }
}
