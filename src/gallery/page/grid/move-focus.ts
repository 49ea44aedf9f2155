/** Arrow keys, Home and End go through the cards as they lie on the screen, across sections. */
export function moveFocus(host: HTMLElement, event: KeyboardEvent): void {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return
  const cards = [...host.querySelectorAll<HTMLElement>('.card')]
  const index = cards.findIndex(card => card.matches(':focus'))
  const current = cards[index]
  if (!current) return
  const target = {
    ArrowLeft: () => cards[index - 1],
    ArrowRight: () => cards[index + 1],
    ArrowUp: () => nearestInRow(current, cards.slice(0, index).reverse()),
    ArrowDown: () => nearestInRow(current, cards.slice(index + 1)),
    Home: () => cards[0],
    End: () => cards.at(-1),
  }[event.key]
  if (!target) return
  event.preventDefault()
  const next = target()
  next?.focus({ preventScroll: true })
  next?.scrollIntoView({ block: 'nearest' })
}

/** The card in the next row whose middle is closest. */
function nearestInRow(
  current: HTMLElement,
  others: readonly HTMLElement[],
): HTMLElement | undefined {
  const from = current.getBoundingClientRect()
  const middle = from.left + from.width / 2
  let rowTop: number | undefined
  let best: { readonly card: HTMLElement; readonly distance: number } | undefined
  for (const card of others) {
    const box = card.getBoundingClientRect()
    if (Math.abs(box.top - from.top) < 2) continue
    rowTop ??= box.top
    if (Math.abs(box.top - rowTop) >= 2) break
    const distance = Math.abs(box.left + box.width / 2 - middle)
    if (!best || distance < best.distance) best = { card, distance }
  }
  return best?.card
}
