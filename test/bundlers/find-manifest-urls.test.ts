import { expect, test } from 'vitest'
import {
  callsInMarkdown,
  callsInScript,
  urlsInCss,
  urlsInHtml,
} from '../../src/bundlers/urls/find-manifest-urls.ts'

const findInCss = (css: string) => urlsInCss(css)[0]?.url
const findInHtml = (html: string) => urlsInHtml(html)[0]?.url

test.each([
  ['.a { background: url(./x.image.yaml) }', './x.image.yaml'],
  [`.a { background: URL( '../x.image.yml?inline#a' ) }`, '../x.image.yml?inline#a'],
  ['.a { background: image-set("/x.image.yaml" 1x, url(y.png) 2x) }', '/x.image.yaml'],
  ['$a: url("@/x.image.yaml"); // url(y.png)', '@/x.image.yaml'],
  ['/* url(x.image.yaml) */ .a { color: red }', undefined],
  ['  // url(x.image.yaml)\n.a { color: red }', undefined],
  ['.a { content: "x.image.yaml" }', undefined],
  ['.a { background: url(https://cdn.test/x.image.yaml) }', undefined],
  ['.a { background: url(//cdn.test/x.image.yaml) }', undefined],
  ['.a { background: url(x.image.yaml.png) }', undefined],
])('finds the manifest in %s', (css, url) => {
  expect(findInCss(css)).toBe(url)
})

test.each([
  ['<img src="/x.image.yaml">', '/x.image.yaml'],
  [`<link rel=icon href=x.image.yml>`, 'x.image.yml'],
  [`<source srcset='a.png 1x, ./x.image.yaml 2x'>`, './x.image.yaml'],
  ['<image xlink:href="x.image.yaml?url"/>', 'x.image.yaml?url'],
  ['<!-- <img src="x.image.yaml"> -->', undefined],
  [`<script>const a = '<img src="x.image.yaml">'</script>`, undefined],
  ['<a href="x.image.yaml">the manifest</a>', undefined],
  ['<img alt="x.image.yaml" src="x.png">', undefined],
  ['<img src="https://cdn.test/x.image.yaml">', undefined],
  ['<p>Write &lt;img src="x.image.yaml"></p>', undefined],
])('finds the manifest in %s', (html, url) => {
  expect(findInHtml(html)).toBe(url)
})

test.each([
  [`new URL('./x.image.yaml?image=a', import.meta.url)`, './x.image.yaml?image=a'],
  ['new URL(`./x.image.yaml?image=a`,\n  import.meta.url,\n)', './x.image.yaml?image=a'],
  [`  // new URL('./x.image.yaml?image=a', import.meta.url)`, undefined],
  [`new URL('./x.png', import.meta.url)`, undefined],
  [`new URL('./x.image.yaml?image=a', location.href)`, undefined],
])('finds the manifest in %s', (code, url) => {
  expect(callsInScript(code)[0]?.url.url).toBe(url)
})

test.each([
  ['<script setup>\nconst a = URL\n</script>\n', true],
  ['```ts\nURL\n```\n', false],
  ['- A list\n  ~~~ts\n  URL\n  ~~~\n', false],
  ['Write `URL` in code, or ``URL``.', false],
])('finds the manifest in Markdown whose code is not quoted: %j', (markdown, isCode) => {
  const call = "new URL('./x.image.yaml?image=a', import.meta.url)"
  const [found] = callsInMarkdown(markdown.replace('URL', call))
  expect(found?.url.url).toBe(isCode ? './x.image.yaml?image=a' : undefined)
})

test('tells where each URL stands', () => {
  const html = `<!-- x.image.yaml --><img
src="x.image.yaml?image=a&amp;width=1" srcset="b.png 1x,c.image.yaml?image=c 2x"
style="background: image-set(url(d.image.yaml) 1x)"><style>
a { background: url('e.image.yaml') }</style>`
  expect(urlsInHtml(html).map(({ url, start, end }) => [url, html.slice(start, end)])).toEqual([
    ['x.image.yaml?image=a&width=1', 'x.image.yaml?image=a&amp;width=1'],
    ['c.image.yaml?image=c', 'c.image.yaml?image=c'],
    ['d.image.yaml', 'd.image.yaml'],
    ['e.image.yaml', 'e.image.yaml'],
  ])
})

test('takes time by length alone', () => {
  const picture = `data:image/png;base64,${'A/a+'.repeat(500_000)}`
  const started = performance.now()
  expect(findInHtml(`<img src="${picture}" alt="a.image.yaml">`)).toBeUndefined()
  expect(findInCss(`.a { background: url(${picture}) } .b { content: "a.image.yaml" }`)).toBe(
    undefined,
  )
  expect(findInCss(`.a { b: image-set("${picture}" 1x, "a.image.yaml.png" 2x) }`)).toBe(undefined)
  // Takes about 50 ms; by the square it would be an hour.
  expect(performance.now() - started).toBeLessThan(3_000)
})
