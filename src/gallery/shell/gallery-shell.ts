/** Which scripts the shell loads beside the page's own. */
export type GalleryKind = 'live' | 'static'

const DIRECTIVES = [
  "default-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "style-src 'self'",
] as const

/**
 * The Content-Security-Policy header of the live page: nothing comes from elsewhere, nothing runs inline.
 * @param sockets origins of the development server's websocket, such as `ws://localhost:5173`
 */
export function galleryPolicy(sockets: readonly string[] = ['ws:', 'wss:']): string {
  return [
    ...DIRECTIVES,
    "script-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${sockets.join(' ')}`,
    "frame-ancestors 'self'",
  ].join('; ')
}

/** Some browsers ignore `'self'` in a page that is opened from disk, hence `file:`. */
const STATIC_POLICY = [
  ...DIRECTIVES.map(directive => directive.replace(/^style-src .*/, '$& file:')),
  "script-src 'self' file:",
  "img-src 'self' data: file:",
].join('; ')

/** The page's HTML. It holds no data: the live page fetches `data.json`, the static one loads `data.js`. */
export function renderGalleryShell(kind: GalleryKind): string {
  const policy =
    kind === 'static'
      ? `\n    <meta http-equiv="Content-Security-Policy" content="${STATIC_POLICY}">`
      : ''
  const scripts =
    kind === 'static'
      ? ['<script src="./data.js" defer></script>', '<script src="./gallery.js" defer></script>']
      : [
          '<script src="./gallery.js" defer></script>',
          '<script src="./live.js" type="module"></script>',
        ]
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">${policy}
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="referrer" content="no-referrer">
    <title>Image gallery</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="./gallery.css">
    ${scripts.join('\n    ')}
  </head>
  <body data-kind="${kind}">
    <noscript>The gallery needs JavaScript, which runs from this page only and sends nothing anywhere.</noscript>
  </body>
</html>
`
}

/**
 * The live page's bridge to Vite's own connection, served as `live.js`. Vite's custom event
 * `imagegen:gallery` becomes an event of the document. The server sends it only to clients that give
 * the token. Vite finds out in a worker when a server is back, which the page's policy refuses; without
 * workers it asks from the page.
 * @param viteClient URL of Vite's client under the server's base: `/@vite/client`
 */
export function renderLiveScript(viteClient: string, token: string): string {
  const tell = (event: string, detail: string): string =>
    `document.dispatchEvent(new CustomEvent('${event}', { detail: ${detail} }))`
  return `import { createHotContext } from ${JSON.stringify(viteClient)}
globalThis.SharedWorker = undefined
const hot = createHotContext('/@imagegen/gallery')
const follow = () => hot.send('imagegen:follow', ${JSON.stringify(token)})
hot.on('imagegen:gallery', update => ${tell('imagegen:update', 'update')})
hot.on('vite:ws:disconnect', () => ${tell('imagegen:connection', "'lost'")})
hot.on('vite:beforeFullReload', () => ${tell('imagegen:connection', "'reloading'")})
hot.on('vite:ws:connect', () => {
  follow()
  ${tell('imagegen:connection', "'there'")}
})
follow()
`
}
