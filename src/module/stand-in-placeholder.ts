import type { Placeholder, RenditionPlan } from '../renditions/rendition.ts'

const QUIET_GREY = '#c8ccd2'

/**
 * A grey placeholder for while the true one is not known: making that would mean decoding a picture
 * first. It has the same members, so that code which relies on them works.
 */
export function standInPlaceholder(kind: RenditionPlan['placeholder']): Placeholder | undefined {
  switch (kind) {
    case 'none':
      return undefined
    case 'color':
      return { color: QUIET_GREY }
    case 'blur':
      return { color: QUIET_GREY, dataUrl: GREY_PICTURE }
    case 'thumbhash':
      return { color: QUIET_GREY, thumbhash: GREY_THUMBHASH }
  }
}

const GREY_PICTURE = `data:image/svg+xml,${encodeURIComponent(
  `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><path fill="${QUIET_GREY}" d="M0 0h8v8H0z"/></svg>`,
)}`

/** ThumbHash of a grey square. */
const GREY_THUMBHASH = 'MggGBwAAAAAAAAAAAAAAAAAAAAA='
