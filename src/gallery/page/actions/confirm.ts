import type { GalleryData } from '../../data/gallery-data.ts'
import { element } from '../elements/dom.ts'
import { counted } from '../state/format.ts'
import { describeCost, type Offer } from './offers.ts'

/** Asks before an action costs money or has consequences. Resolves with the answer. */
export function confirmOffer(offer: Offer, data: GalleryData): Promise<boolean> {
  const title =
    offer.requests > 0 ? `Buy ${counted(offer.requests, 'picture')}?` : `${offer.label}?`
  const heading = element('h2', { id: 'confirm-title' }, title)
  const words = element(
    'div',
    { class: 'confirm-words', id: 'confirm-words' },
    element('p', { class: 'confirm-subject' }, offer.subject),
    element('p', {}, describeCost(offer, data)),
    offer.warning && element('p', {}, offer.warning),
  )
  const dialog = element('dialog', {
    class: 'confirm',
    'aria-labelledby': 'confirm-title',
    'aria-describedby': 'confirm-words',
  })
  const close = (answer: string) => () => dialog.close(answer)
  const agreed = offer.requests > 0 ? `Buy ${counted(offer.requests, 'picture')}` : offer.label
  dialog.append(
    heading,
    words,
    element(
      'div',
      { class: 'confirm-buttons' },
      element(
        'button',
        { class: 'button', type: 'button', autofocus: true, click: close('no') },
        'Cancel',
      ),
      element(
        'button',
        { class: 'button button-primary', type: 'button', click: close('yes') },
        agreed,
      ),
    ),
  )
  document.body.append(dialog)
  return new Promise(resolve => {
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(dialog.returnValue === 'yes')
    })
    dialog.showModal()
  })
}
