import { render } from 'preact'
import { useEffect } from 'preact/hooks'
import { Detail } from './detail/detail.tsx'
import { Announcements } from './elements/announcements.tsx'
import { cleanTexts } from './elements/clean-texts.ts'
import { QuestionDialog } from './elements/question-dialog.tsx'
import { Header } from './find/header.tsx'
import { SelectionBar } from './find/selection-bar.tsx'
import { Grid } from './grid/grid.tsx'
import { LoadingProblem, Messages } from './messages/messages.tsx'
import { Skeleton } from './messages/skeleton.tsx'
import { Review } from './review/review.tsx'
import { createGalleryStore, type GalleryStore } from './state/gallery-store.ts'
import { parseRoute } from './state/route.ts'
import { createLiveSource, createStaticSource } from './state/source/gallery-source.ts'
import { StoreContext, useStore } from './state/store-context.ts'

const exported = globalThis.imagegenGalleryData
cleanTexts()
startGallery(document.body, exported ? createStaticSource(exported) : createLiveSource())

/** Builds the page inside `body`, and keeps it up to date with its source. */
function startGallery(body: HTMLElement, source: Parameters<typeof createGalleryStore>[0]): void {
  const store = createGalleryStore(source)
  body.replaceChildren()
  window.addEventListener('beforeunload', event => {
    // What Vite loads again brings back what was typed.
    if (store.words.hasChanges() && store.connection.value === 'there') event.preventDefault()
  })
  document.addEventListener('click', event => followLink(event, store))
  render(
    <StoreContext.Provider value={store}>
      <Gallery />
    </StoreContext.Provider>,
    body,
  )
  void store.load()
}

function Gallery() {
  const { connection, data, opened, questions } = useStore()
  const question = questions.open.value
  return (
    <>
      <p class="connection" role="status">
        {connection.value === 'lost' &&
          'The development server cannot be reached. What you see may be out of date.'}
      </p>
      {data.value && <Header />}
      <Main />
      {data.value && <SelectionBar />}
      {opened.value ? <Detail image={opened.value} /> : <Announcements />}
      {question && <QuestionDialog question={question} onAnswer={questions.answer} />}
    </>
  )
}

function Main() {
  const { data, problem } = useStore()
  const project = data.value?.project
  const review = data.value?.review
  useEffect(() => {
    if (project !== undefined) document.title = `${project} · Image gallery`
  }, [project])
  if (!data.value && problem.value === undefined) return <Skeleton />
  return (
    <main class="main">
      {problem.value !== undefined && <LoadingProblem why={problem.value} />}
      {data.value && <Messages />}
      {review ? <Review review={review} /> : data.value && <Grid />}
    </main>
  )
}

/** Links inside the page change the route without a new document. */
function followLink(event: MouseEvent, { open }: GalleryStore): void {
  const link = event.target instanceof Element ? event.target.closest('a[href^="#"]') : null
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
  event.preventDefault()
  const { image } = parseRoute(link.getAttribute('href') ?? '')
  if (image) open(image)
}
