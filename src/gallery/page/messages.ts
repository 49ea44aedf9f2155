import type { GalleryFault } from '../data/gallery-data.ts'
import { element, icon } from './elements/dom.ts'
import { locationLink } from './elements/location-link.ts'

const EXAMPLE = `# hero.image.yaml
prompt: A lighthouse on a cliff, seen from the sea
size: 1536x1024`

/** There is no image at all. */
export function emptyPart(): readonly Node[] {
  return [
    element(
      'section',
      { class: 'message' },
      icon('image'),
      element('h2', {}, 'No images yet'),
      element('p', {}, 'Write a manifest anywhere in the project, and its images show up here.'),
      element('pre', {}, element('code', {}, EXAMPLE)),
    ),
  ]
}

export function noMatchPart(onClear: () => void): readonly Node[] {
  return [
    element(
      'section',
      { class: 'message' },
      icon('search'),
      element('h2', {}, 'Nothing matches'),
      element('p', {}, 'No image fits this search and these filters.'),
      element('button', { class: 'button', type: 'button', click: onClear }, 'Show all images'),
    ),
  ]
}

export function errorPart(why: string, onRetry: () => void): readonly Node[] {
  return [
    element(
      'section',
      { class: 'message', role: 'alert' },
      icon('failed'),
      element('h2', {}, 'The gallery could not be loaded'),
      element('p', {}, why),
      element('button', { class: 'button', type: 'button', click: onRetry }, 'Try again'),
    ),
  ]
}

/** Manifests that could not be read. */
export function faultsPart(faults: readonly GalleryFault[]): readonly Node[] {
  return faults.map(({ location, message }) =>
    element(
      'section',
      { class: 'fault', 'aria-label': `Fault in ${location.path}` },
      icon('corrupt'),
      element(
        'div',
        {},
        locationLink(location, `${location.path}:${location.line}:${location.column}`),
        element('p', {}, message),
      ),
    ),
  )
}
