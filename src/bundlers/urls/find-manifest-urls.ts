/** A URL of a manifest as it stands in a text; `end` is exclusive. */
export interface WrittenUrl {
  /** As the page's language reads it. */
  readonly url: string
  readonly start: number
  readonly end: number
}

const MENTION = /\.image\.ya?ml/i

/** A URL of this project's, not of another server's. */
const MANIFEST_URL = /^(?![a-z][a-z0-9+.-]*:|\/\/)[^\s?#]*\.image\.ya?ml(?:[?#]|$)/i

const NAMES_IMAGE = /\.image\.ya?ml\?.*image=/i

const CSS_URL = /\burl\(\s*(?:"([^"]*)"|'([^']*)'|([^)\s"']*))\s*\)/dgi

const CSS_IMAGE_SET = /image-set\(([^;{}]*)/dgi

const CSS_STRING = /"([^"]*)"|'([^']*)'/dg

/** Elements whose files hosts put into the output; the target of an `<a>` stays as it is. */
const HTML_TAG =
  /<(?:img|source|link|video|audio|track|input|image|use|object|embed|meta)\s[^>]*>/dgi

const HTML_ATTRIBUTE =
  /\s(?:src|srcset|imagesrcset|href|xlink:href|poster|data|content)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/dgi

const HTML_STYLE = /<style\b[^>]*>([\s\S]*?)<\/style\s*>|\sstyle\s*=\s*(?:"([^"]*)"|'([^']*)')/dgi

const SCRIPT_URL =
  /\bnew\s+URL\s*\(\s*(?:"([^"\n]*)"|'([^'\n]*)'|`([^`$\n]*)`)\s*,\s*import\.meta\.url\s*,?\s*\)/dg

const FENCED_CODE = /^ *(`{3,}|~{3,})[^\n]*\n[\s\S]*?^ *\1/gm

const INLINE_CODE = /(`+)[^`\n]+\1/g

/** The URLs of manifests in the text of a style, comments aside; preprocessors have more of those. */
export function urlsInCss(css: string): readonly WrittenUrl[] {
  if (!MENTION.test(css)) return []
  const code = css.replace(/\/\*[\s\S]*?\*\//g, blank).replace(/^\s*\/\/.*$/gm, blank)
  const sets = spansOf(code, CSS_IMAGE_SET)
  const strings = sets.flatMap(set => inside(set, spansOf(set.url, CSS_STRING)))
  return manifestsAmong([...spansOf(code, CSS_URL), ...strings])
}

/**
 * The URLs of manifests among the attributes and the styles of a page, comments and scripts aside.
 */
export function urlsInHtml(html: string): readonly WrittenUrl[] {
  if (!MENTION.test(html)) return []
  const markup = html
    .replace(/<!--[\s\S]*?-->/g, blank)
    .replace(/<(script)\b[^>]*>[\s\S]*?<\/\1\s*>/gi, blank)
  const urls = tagsOf(markup).flatMap(tag => {
    const values = inside(tag, spansOf(tag.url, HTML_ATTRIBUTE))
    const words = values.flatMap(value => inside(value, wordsOf(value.url)))
    // A description is text, which may be about manifests.
    return tag.url.startsWith('<meta') ? words.filter(({ url }) => NAMES_IMAGE.test(url)) : words
  })
  const styles = spansOf(markup, HTML_STYLE).flatMap(style => inside(style, urlsInCss(style.url)))
  return manifestsAmong([...urls, ...styles]).map(({ url, ...place }) => ({
    ...place,
    url: url.replaceAll('&amp;', '&'),
  }))
}

/** The arguments of `new URL(…, import.meta.url)` that are manifests, and the calls around them. */
export function callsInScript(code: string): readonly { call: WrittenUrl; url: WrittenUrl }[] {
  if (!MENTION.test(code)) return []
  return [...code.matchAll(SCRIPT_URL)].flatMap(match => {
    const [url] = manifestsAmong(groupsOf(match))
    const line = code.slice(code.lastIndexOf('\n', match.index) + 1, match.index)
    if (!url || /^\s*(?:\/[/*]|\*)/.test(line)) return []
    const [text] = match
    return [{ call: { url: text, start: match.index, end: match.index + text.length }, url }]
  })
}

/** The same in Markdown whose scripts become a component's: quoted code is text. */
export function callsInMarkdown(markdown: string): ReturnType<typeof callsInScript> {
  return callsInScript(markdown.replace(FENCED_CODE, blank).replace(INLINE_CODE, blank))
}

/** The text with each URL replaced. */
export function replaceUrls(
  text: string,
  replacements: readonly { readonly start: number; readonly end: number; readonly by: string }[],
): string {
  let replaced = ''
  let from = 0
  for (const { start, end, by } of [...replacements].sort((a, b) => a.start - b.start)) {
    replaced += text.slice(from, start) + by
    from = end
  }
  return replaced + text.slice(from)
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ')
}

function tagsOf(markup: string): readonly WrittenUrl[] {
  return [...markup.matchAll(HTML_TAG)].map(({ 0: tag, index }) => ({
    url: tag,
    start: index,
    end: index + tag.length,
  }))
}

function wordsOf(text: string): readonly WrittenUrl[] {
  return [...text.matchAll(/[^\s,]+/g)].map(({ 0: word, index }) => ({
    url: word,
    start: index,
    end: index + word.length,
  }))
}

/** What the groups of a pattern take. */
function spansOf(text: string, pattern: RegExp): readonly WrittenUrl[] {
  return [...text.matchAll(pattern)].flatMap(groupsOf)
}

function groupsOf(match: RegExpExecArray): readonly WrittenUrl[] {
  return match.slice(1).flatMap((group, index) => {
    const [start, end] = match.indices?.[index + 1] ?? []
    if (!group || start === undefined || end === undefined) return []
    return [{ url: group, start, end }]
  })
}

/** Places within a part of a text as places of the whole. */
function inside(part: WrittenUrl, places: readonly WrittenUrl[]): readonly WrittenUrl[] {
  return places.map(({ url, start, end }) => ({
    url,
    start: part.start + start,
    end: part.start + end,
  }))
}

/** Each once: what stands in `image-set()` may be a `url()`, too. */
function manifestsAmong(places: readonly WrittenUrl[]): readonly WrittenUrl[] {
  const found = new Map<number, WrittenUrl>()
  for (const place of places) if (MANIFEST_URL.test(place.url)) found.set(place.start, place)
  return [...found.values()].sort((a, b) => a.start - b.start)
}
