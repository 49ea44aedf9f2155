import { suggest } from '../../text/suggest.ts'

/** One file of one image, as a URL's query names it. */
export interface PictureQuery {
  readonly image: string
  /** Absent: the fallback's. */
  readonly format?: string
  /** Absent: the largest. */
  readonly width?: number
}

/** What is wrong with a query, and what to write instead. */
export interface QueryFault {
  readonly message: string
  readonly hint?: string | undefined
}

const PARAMETERS = ['image', 'format', 'width', 'src'] as const

/** What hosts and this plugin add to the queries of modules. */
const ADDED = /^(?:import|t|v|imagegen-.*)$/

/** A URL of a manifest that names an image. */
export const PICTURE_QUERY: RegExp = /\.image\.ya?ml\?(?:[^#]*&)?image=/

/**
 * Reads the query of `./site.image.yaml?image=hero&format=webp&width=1280`. Pure.
 * @returns undefined for a URL that names no image
 */
export function parsePictureQuery(url: string): PictureQuery | QueryFault | undefined {
  if (!PICTURE_QUERY.test(url)) return undefined
  const [, query = ''] = (url.split('#')[0] ?? '').split('?')
  const given = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(query)) {
    if (ADDED.test(name)) continue
    if (!PARAMETERS.some(known => known === name)) {
      return { message: `The query has no parameter "${name}".`, hint: suggest(name, PARAMETERS) }
    }
    if (given.has(name)) return { message: `The parameter "${name}" is given twice.` }
    given.set(name, value)
  }
  const width = given.get('width')
  if (width !== undefined && !/^[1-9]\d{0,5}$/.test(width)) {
    return { message: `"${width}" is not a width.`, hint: 'Write a number of pixels.' }
  }
  const format = given.get('format')
  return {
    image: given.get('image') ?? '',
    ...(format !== undefined && { format }),
    ...(width !== undefined && { width: Number(width) }),
  }
}

export function isQueryFault(parsed: PictureQuery | QueryFault): parsed is QueryFault {
  return 'message' in parsed
}
