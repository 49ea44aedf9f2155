import { formatAmount } from '../../../text/format-amount.ts'
import type { GalleryWordsCheck, GalleryWordsSave } from '../../data/gallery-exchanges.ts'
import { listed } from '../actions/offers.ts'
import { counted } from '../state/format.ts'
import type { WordsForm } from '../state/words/words-form.ts'

interface SaveButtonsProps {
  readonly form: WordsForm
  readonly check: GalleryWordsCheck
  onSave(pictures: GalleryWordsSave['pictures']): void
}

/** What saving requests and costs, and the ways to save. */
export function SaveButtons({ form, check, onSave }: SaveButtonsProps) {
  const { requests, faults, diff, canKeep, refusal } = check
  const isBlocked = faults.length > 0 || diff.length === 0 || form.isSaving.value
  const button = (label: string, pictures: GalleryWordsSave['pictures'], why?: string) => (
    <button
      class={pictures === 'generate' || requests.length === 0 ? 'button primary' : 'button'}
      type="button"
      title={why}
      aria-disabled={isBlocked || why !== undefined ? 'true' : undefined}
      onClick={() => !isBlocked && why === undefined && onSave(pictures)}
    >
      {label}
    </button>
  )
  return (
    <>
      {refusal !== undefined && <p class="small quiet">{refusal}</p>}
      <div class="row">
        {requests.length === 0 ? (
          button('Save', 'hold')
        ) : (
          <>
            {button(`Save and generate ${requests.length}`, 'generate', refusal)}
            {button('Save without generating', 'hold')}
            {canKeep && button('Save and keep this picture', 'keep')}
          </>
        )}
      </div>
    </>
  )
}

/** What saving would do, as a sentence that is announced. */
export function describeOutcome(check: GalleryWordsCheck): string {
  const { length } = check.faults
  return length > 0 ? `Mend ${counted(length, 'fault')} to save.` : describeRequests(check)
}

/** `Saving generates 2 pictures (hero and night) for about 0.50 EUR. 2 of 100 …` */
function describeRequests({ requests, cost, budget }: GalleryWordsCheck): string {
  if (requests.length === 0) return 'Saving generates nothing.'
  const names = listed(requests.map(({ image }) => image.name))
  const amount = cost ? ` for about ${formatAmount(cost.amount, cost.currency)}` : ''
  const used = budget
    ? ` The budget has ${counted(Math.max(0, budget.limit - budget.spent), 'request')} left.`
    : ''
  return `Generating makes ${counted(requests.length, 'picture')} (${names})${amount}.${used}`
}
