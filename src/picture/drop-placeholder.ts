/// <reference lib="dom" />

/**
 * Takes the placeholder away from a `<picture>` that has loaded, or as soon as it loads. May be
 * called for the same element again.
 */
export function dropPlaceholder(picture: Element | null): void {
  // The event does not bubble, but it is captured on its way to the <img>.
  picture?.addEventListener('load', clearBackground, true)
  const img = picture?.querySelector('img')
  if (img?.complete && img.naturalWidth > 0) img.style.background = ''
}

function clearBackground({ target }: Event): void {
  if (target instanceof HTMLImageElement) target.style.background = ''
}
