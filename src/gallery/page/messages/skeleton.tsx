/** As many as fill a large screen. */
const CARDS = Array.from({ length: 15 }, (_, index) => index)

/** Stands in for the page until its data is there. */
export function Skeleton() {
  return (
    <main class="main" aria-busy="true">
      <p class="visually-hidden" role="status">
        Loading the gallery.
      </p>
      <div class="section" aria-hidden="true">
        <div class="cards">
          {CARDS.map(index => (
            <div key={index} class="cell">
              <span class="card">
                <span class="skeleton mat" />
              </span>
            </div>
          ))}
        </div>
      </div>
    </main>
  )
}
