import type { ImageAsset } from '../../src/html.ts'
import { BLUR, DENSE, DIRECTED, HASHED, HERO, LOGO, PLAIN } from './assets.ts'

/** A picture with its props, by their names in HTML, and the markup that every framework gives it. */
export interface PictureCase {
  readonly name: string
  readonly src: ImageAsset
  readonly props: Readonly<Record<string, string | number | boolean>>
  readonly markup: string
}

const BACKGROUND = `background:#1e3a8a url('${BLUR}') 50%/cover no-repeat`
const LAZY = 'loading="lazy" decoding="async"'
const WEBP =
  'type="image/webp" srcset="/pictures/hero-320x180.webp 320w, /pictures/hero-640x360.webp 640w"'
const JPEG =
  'srcset="/pictures/hero-320x180.jpeg 320w, /pictures/hero-640x360.jpeg 640w" src="/pictures/hero-640x360.jpeg"'
const HERO_SIZE = 'width="640" height="360"'
const NIGHT = (extension: string) =>
  `<source media="(prefers-color-scheme: dark)" type="image/${extension}" srcset="/pictures/night-320x180.${extension} 320w, /pictures/night-640x360.${extension} 640w" sizes="50vw">`
const PHONE = (extension: string) =>
  `<source media="(max-width: 30rem)" type="image/${extension}" srcset="/pictures/phone-320x400.${extension}" width="320" height="400">`

export const CASES: readonly PictureCase[] = [
  {
    name: 'usual',
    src: HERO,
    props: {},
    markup: `<picture><source ${WEBP}><img alt="A lighthouse" ${HERO_SIZE} ${LAZY} ${JPEG} style="${BACKGROUND}"></picture>`,
  },
  {
    name: 'priority',
    src: HERO,
    props: { priority: true, sizes: '(min-width: 60rem) 50vw, 100vw' },
    markup: `<picture><source ${WEBP} sizes="(min-width: 60rem) 50vw, 100vw"><img alt="A lighthouse" ${HERO_SIZE} loading="eager" decoding="async" fetchpriority="high" sizes="(min-width: 60rem) 50vw, 100vw" ${JPEG} style="${BACKGROUND}"></picture>`,
  },
  {
    name: 'directed',
    src: DIRECTED,
    props: { sizes: '50vw' },
    markup: `<picture>${NIGHT('webp')}${NIGHT('jpeg')}${PHONE('webp')}${PHONE('jpeg')}<source ${WEBP} sizes="50vw"><img alt="A lighthouse" ${HERO_SIZE} ${LAZY} sizes="50vw" ${JPEG} style="${BACKGROUND}"></picture>`,
  },
  {
    name: 'one-file',
    src: PLAIN,
    props: { alt: 'A card', sizes: '50vw' },
    markup: `<picture><img alt="A card" width="200" height="100" ${LAZY} src="/pictures/plain-200x100.png"></picture>`,
  },
  {
    name: 'decoration',
    src: HERO,
    props: { alt: '', placeholder: false },
    markup: `<picture><source ${WEBP}><img alt="" ${HERO_SIZE} ${LAZY} ${JPEG}></picture>`,
  },
  {
    name: 'transparent',
    src: LOGO,
    props: {},
    markup: `<picture><img alt="The logo" width="200" height="100" ${LAZY} src="/pictures/logo-200x100.png"></picture>`,
  },
  {
    name: 'contained',
    src: HERO,
    props: { style: 'object-fit: contain' },
    markup: `<picture><source ${WEBP}><img alt="A lighthouse" ${HERO_SIZE} ${LAZY} ${JPEG} style="object-fit: contain"></picture>`,
  },
  {
    name: 'covering',
    src: HERO,
    props: { style: 'object-fit: cover; border-radius: 8px' },
    markup: `<picture><source ${WEBP}><img alt="A lighthouse" ${HERO_SIZE} ${LAZY} ${JPEG} style="${BACKGROUND};object-fit: cover;border-radius: 8px"></picture>`,
  },
  {
    name: 'own-background',
    src: HERO,
    props: { style: 'background-color: red' },
    markup: `<picture><source ${WEBP}><img alt="A lighthouse" ${HERO_SIZE} ${LAZY} ${JPEG} style="background-color: red"></picture>`,
  },
  {
    name: 'hashed',
    src: HASHED,
    props: {},
    markup: `<picture><img alt="A forest" width="200" height="100" ${LAZY} data-thumbhash="1QcSHQRnh493V4dIh4eXh1h4kJUI" src="/pictures/hashed-200x100.png" style="background:#14532d"></picture>`,
  },
  {
    name: 'dense',
    src: DENSE,
    props: { sizes: '50vw' },
    markup: `<picture><img alt="A portrait of fixed size" width="200" height="100" ${LAZY} srcset="/pictures/dense-100x50.png 1x, /pictures/dense-200x100.png 2x" src="/pictures/plain-200x100.png"></picture>`,
  },
  {
    name: 'as-given',
    src: PLAIN,
    props: {
      alt: `"Ana" & <b>Li</b>'s`,
      class: 'wide tall',
      id: 'card',
      title: '</picture><script>',
      'data-part': 'a&b"c',
      'aria-hidden': 'true',
      loading: 'eager',
      width: 100,
      height: 50,
    },
    markup: `<picture><img alt="&quot;Ana&quot; &amp; &lt;b&gt;Li&lt;/b&gt;&#39;s" width="100" height="50" loading="eager" decoding="async" src="/pictures/plain-200x100.png" class="wide tall" id="card" title="&lt;/picture&gt;&lt;script&gt;" data-part="a&amp;b&quot;c" aria-hidden="true"></picture>`,
  },
]
