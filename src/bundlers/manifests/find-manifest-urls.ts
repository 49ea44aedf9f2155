const MENTION = /\.image\.ya?ml/i

/** A URL of this project's, not of another server's. */
const MANIFEST_URL = /^(?![a-z][a-z0-9+.-]*:|\/\/)[^\s?#]*\.image\.ya?ml(?:[?#]|$)/i

const CSS_URL = /\burl\(\s*(?:"([^"]*)"|'([^']*)'|([^)\s"']*))\s*\)/gi

const CSS_IMAGE_SET = /image-set\(([^;{}]*)/gi

const CSS_STRING = /"([^"]*)"|'([^']*)'/g

/** Elements whose files hosts put into the output; the target of an `<a>` stays as it is. */
const HTML_TAG = /<(?:img|source|link|video|audio|track|input|image|use|object|embed)\s[^>]*>/gi

const HTML_ATTRIBUTE =
  /\s(?:src|srcset|href|xlink:href|poster|data)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/gi

/** The first URL of a manifest in the text of a style, comments aside; preprocessors have more of those. */
export function findInCss(css: string): string | undefined {
  if (!MENTION.test(css)) return undefined
  const code = css.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '')
  const sets = [...code.matchAll(CSS_IMAGE_SET)].map(([set]) => set)
  const urls = [...valuesOf(code, CSS_URL), ...sets.flatMap(set => valuesOf(set, CSS_STRING))]
  return urls.find(url => MANIFEST_URL.test(url))
}

/** The first URL of a manifest among the attributes of a page, comments and scripts aside. */
export function findInHtml(html: string): string | undefined {
  if (!MENTION.test(html)) return undefined
  const markup = html
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/(<(script|style)\b[^>]*>)[\s\S]*?<\/\2\s*>/gi, '$1')
  return (markup.match(HTML_TAG) ?? [])
    .flatMap(tag => valuesOf(tag, HTML_ATTRIBUTE))
    .flatMap(value => value.split(/[\s,]+/))
    .find(url => MANIFEST_URL.test(url))
}

/** What the groups of a pattern take, of which there is one in each match. */
function valuesOf(text: string, pattern: RegExp): readonly string[] {
  return [...text.matchAll(pattern)].map(([, ...groups]) => groups.find(Boolean) ?? '')
}
