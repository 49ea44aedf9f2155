import { picture } from 'unplugin-imagegen/html'
import { boat, hero, mark, og, team, tide } from './site.image.yaml'
import night from './site.image.yaml?image=hero-night&format=jpeg&width=640&src'

document.head.append(...mark.links.map(link => Object.assign(document.createElement('link'), link)))
// A background of the style sheet, which Vite would take by `url()` as well.
document.documentElement.style.setProperty('--night', `url("${night}")`)

/**
 * @param {string} name
 * @param {string} className
 * @param {(Node | string)[]} children
 */
function element(name, className, ...children) {
  const node = Object.assign(document.createElement(name), { className })
  node.append(...children)
  return node
}

/**
 * @param {import('unplugin-imagegen/html').DescribedAsset} asset
 * @param {import('unplugin-imagegen/html').PictureProps} props
 */
function show(asset, props) {
  const template = document.createElement('template')
  template.innerHTML = picture(asset, props)
  return template.content
}

// The first follows the reader's colour scheme and screen by itself, the second a class.
const scene = element(
  'div',
  'scene',
  show(hero, { sizes: '100vw', priority: true }),
  show(hero.variants.dark, { alt: '', sizes: '100vw', priority: true }),
)

const toggle = element('button', 'toggle', 'See it at night')
toggle.addEventListener('click', () => {
  const night = scene.classList.toggle('is-night')
  toggle.textContent = night ? 'See it by day' : 'See it at night'
})

const welcome = element(
  'header',
  'hero',
  scene,
  element(
    'div',
    'hero-text',
    element('p', 'eyebrow', 'Skarholm Light · since 1871'),
    element('h1', '', 'Two rooms at the edge of the sea'),
    element('p', 'lead', 'No road, no roaming, one lamp. The mail boat leaves at nine.'),
    toggle,
  ),
)

const keepers = element(
  'section',
  'split',
  show(team, { sizes: '(min-width: 56rem) 30rem, 100vw' }),
  element(
    'div',
    'text',
    element('h2', '', 'Ana and Li keep the light'),
    element(
      'p',
      '',
      'She came for the birds, he came for the silence. Between them they know every rock out here by name, and which of the two rooms gets the morning sun.',
    ),
  ),
)

const card = element(
  'section',
  'split is-reversed',
  show(og, { alt: '', sizes: '(min-width: 56rem) 30rem, 100vw' }),
  element(
    'div',
    'text',
    element('h2', '', 'Send us a card'),
    element(
      'p',
      '',
      'This picture has a name of its own, og/home.png, so that the pages that link here can show it.',
    ),
  ),
)

const mail = element(
  'section',
  'split',
  show(boat, {}),
  element(
    'div',
    'text',
    element('h2', '', 'The mail boat leaves at nine'),
    element(
      'p',
      '',
      'This one is a photo, in the same manifest as the others. Nothing was requested for it.',
    ),
  ),
)

const tides = element('section', 'tides', show(tide, { sizes: '100vw', placeholder: false }))

const footer = element(
  'footer',
  '',
  'Every picture on this page but the photo was generated at build time.',
)

document
  .querySelector('#app')
  ?.append(welcome, element('main', '', keepers, card, mail), tides, footer)
