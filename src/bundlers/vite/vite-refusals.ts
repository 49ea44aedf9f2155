import type { Plugin } from 'vite'
import { findInCss, findInHtml } from '../manifests/find-manifest-urls.ts'
import { refuseInWorkers } from '../manifests/refuse-in-workers.ts'
import { refuseUrl } from '../manifests/refuse-reference.ts'

/** Styles as Vite reads them, in components too. */
const STYLE = /\.(?:css|less|sass|scss|styl|stylus|pcss|postcss|sss)(?:$|\?)/

const NAMED_MANIFEST = /\.image\.ya?ml/

/** Hooks that refuse manifests where no module of theirs can stand. */
export function refusalHooks(): Partial<Plugin> {
  return {
    config: () => ({ worker: { plugins: () => [refuseInWorkers()] } }),
    transform: {
      order: 'pre',
      filter: { id: STYLE, code: NAMED_MANIFEST },
      handler(code, id) {
        const url = STYLE.test(id) ? findInCss(code) : undefined
        if (url !== undefined) throw refuseUrl(url, id)
      },
    },
    transformIndexHtml: {
      order: 'pre',
      handler(html, { filename }) {
        const url = findInHtml(html)
        if (url !== undefined) throw refuseUrl(url, filename)
      },
    },
  }
}
