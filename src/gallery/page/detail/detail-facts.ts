import { formatAmount } from '../../../text/format-amount.ts'
import { formatBytes } from '../../../text/format-bytes.ts'
import type { GalleryAmount } from '../../data/gallery-costs.ts'
import type {
  GalleryImage,
  GalleryPicture,
  GalleryReference,
  GalleryRendition,
  GalleryVariant,
} from '../../data/gallery-data.ts'
import { ageClock } from '../elements/clocks.ts'
import { element, icon } from '../elements/dom.ts'
import { locationLink } from '../elements/location-link.ts'
import { formatRoute } from '../route.ts'
import { formatSize } from '../state/format.ts'
import { keyOf, sizeMismatch } from '../state/gallery-state.ts'

/** An image, and which of its pictures is on the stage. */
export interface Subject {
  readonly image: GalleryImage
  readonly picture: GalleryPicture | undefined
}

export function promptPart({ image, picture }: Subject): readonly Node[] {
  if (image.source !== undefined) {
    return [block('Source', element('p', { class: 'prose' }, image.source))]
  }
  const made = picture?.prompt
  const revised = picture?.revisedPrompt
  return [
    block('Prompt', element('p', { class: 'prose' }, made ?? image.prompt)),
    ...(made === undefined
      ? []
      : [
          element(
            'p',
            { class: 'aside' },
            'This picture was made from an earlier prompt, shown above.',
          ),
        ]),
    ...(revised && revised !== (made ?? image.prompt)
      ? [block('Revised by the API', element('p', { class: 'prose prose-quiet' }, revised))]
      : []),
  ]
}

export function referencesPart(references: readonly GalleryReference[]): readonly Node[] {
  if (references.length === 0) return []
  const list = element('ul', { class: 'references', role: 'list' }, ...references.map(referenceOf))
  return [block('References', list)]
}

/** What pages show instead, and when. */
export function variantsPart(variants: readonly GalleryVariant[] = []): readonly Node[] {
  if (variants.length === 0) return []
  const items = variants.map(({ name, media, image, thumbnailUrl }) =>
    referenceOf({
      label: `${name}: ${media}`,
      ...(image && { image }),
      ...(thumbnailUrl !== undefined && { thumbnailUrl }),
    }),
  )
  return [block('Variants', element('ul', { class: 'references', role: 'list' }, ...items))]
}

function referenceOf({ label, image, thumbnailUrl }: GalleryReference): HTMLElement {
  const content = [
    thumbnailUrl
      ? element('img', { loading: 'lazy', decoding: 'async', alt: '', src: thumbnailUrl })
      : element('span', { class: 'reference-gap' }, icon('missing')),
    element('span', { class: 'reference-name' }, label),
  ]
  return element(
    'li',
    {},
    image
      ? element(
          'a',
          { class: 'reference', href: formatRoute({ image: keyOf(image) }), title: label },
          ...content,
        )
      : element('span', { class: 'reference', title: label }, ...content),
  )
}

export function factsPart({ image, picture }: Subject): readonly Node[] {
  const rows: (readonly [string, Node | string])[] = [['Size', sizeOf({ image, picture })]]
  if (image.source === undefined) {
    rows.push(
      ['Model', picture?.model ?? image.model],
      ['Revision', String(picture?.revision ?? image.revision)],
    )
  }
  if (picture && image.source === undefined) {
    rows.push(
      ['Made', ageClock(picture.createdAt)],
      ['Attempts', String(picture.attempts)],
      ...(picture.origin === undefined ? [] : [['Origin', picture.origin] as const]),
      ...(picture.cost ? [['Cost', shownAmount(picture.cost)] as const] : []),
      ['Original', picture.where === 'local' ? 'on this machine' : 'in the shared store'],
    )
  }
  if (!picture && image.price) rows.push(['Cost', `about ${shownAmount(image.price)}`])
  if (image.status.state === 'uncertain') rows.push(['Request ID', code(image.status.requestId)])
  if (image.alt) rows.push(['Alt text', image.alt])
  const { location } = image
  rows.push(['Manifest', locationLink(location, `${location.path}:${location.line}`)])
  const list = element('dl', { class: 'facts' })
  for (const [term, value] of rows) {
    list.append(element('div', {}, element('dt', {}, term), element('dd', {}, value)))
  }
  return [block('Details', list)]
}

function shownAmount({ amount, currency }: GalleryAmount): string {
  return formatAmount(amount, currency)
}

function sizeOf({ image, picture }: Subject): Node | string {
  if (!picture) return `${formatSize(image.size)} asked for`
  return image.source === undefined ? realSize(picture) : formatSize(picture.size)
}

function realSize(picture: GalleryPicture): HTMLElement {
  const mismatch = sizeMismatch(picture)
  const real = formatSize(mismatch ?? `${picture.width}x${picture.height}`)
  if (mismatch) {
    const asked = `asked for ${formatSize(picture.size)}`
    return element(
      'span',
      {},
      `${real} `,
      element('span', { class: 'hint' }, icon('mismatch'), asked),
    )
  }
  return element('span', {}, picture.size === 'auto' ? real : `${real}, as asked`)
}

export function renditionsPart(picture: GalleryPicture | undefined): readonly Node[] {
  if (!picture) return []
  const rows = [
    fileRow(
      `${picture.attempts > 0 ? 'Original' : 'Source'}, ${picture.format.toUpperCase()}`,
      picture,
    ),
    ...picture.renditions.map(file => fileRow(file.format.toUpperCase(), file)),
  ]
  const head = element(
    'tr',
    {},
    ...['Format', 'Size', 'File'].map(text => element('th', { scope: 'col' }, text)),
  )
  return [
    block(
      'Files',
      element(
        'table',
        { class: 'files' },
        element('thead', {}, head),
        element('tbody', {}, ...rows),
      ),
    ),
  ]
}

function fileRow(
  name: string,
  { width, height, url, bytes }: Omit<GalleryRendition, 'format'>,
): HTMLElement {
  return element(
    'tr',
    {},
    element(
      'td',
      {},
      element('a', { class: 'file', href: url, target: '_blank', rel: 'noopener' }, name),
    ),
    element('td', {}, `${width} × ${height}`),
    element('td', {}, bytes === undefined ? 'not made yet' : formatBytes(bytes)),
  )
}

export function importPart(image: GalleryImage, onCopy: (text: string) => void): readonly Node[] {
  return [
    block(
      'Import',
      element(
        'div',
        { class: 'import' },
        element(
          'pre',
          { tabindex: 0, role: 'region', 'aria-label': 'Import line' },
          code(image.importLine),
        ),
        element(
          'button',
          {
            class: 'button button-icon',
            type: 'button',
            'aria-label': 'Copy the import line',
            title: 'Copy',
            'data-focus': 'copy',
            click: () => onCopy(image.importLine),
          },
          icon('copy'),
        ),
      ),
    ),
  ]
}

function block(title: string, content: Node): HTMLElement {
  return element('section', { class: 'block' }, element('h3', {}, title), content)
}

function code(text: string): HTMLElement {
  return element('code', {}, text)
}
