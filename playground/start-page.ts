import { folderOf, SITE_BUILDS } from './build-site.ts'

/** A page that leads to each build of the site. */
export function renderStartPage(): string {
  const links = SITE_BUILDS.map(
    site => `<li><a href="./${folderOf(site)}/index.html">built by ${site.bundler}</a></li>`,
  )
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>The playground</title>
    <link rel="icon" href="./vite/favicon.ico">
    <style>
      body { max-width: 36rem; margin: 20vh auto; padding: 0 1.5rem; font: 1.125rem/1.6 system-ui, sans-serif }
      a { color: light-dark(#0369a1, #7dd3fc) }
    </style>
  </head>
  <body>
    <h1>One site, built three times</h1>
    <ul>${links.join('')}</ul>
    <p>Its pictures were generated once; the other builds found them in the cache.</p>
  </body>
</html>
`
}
