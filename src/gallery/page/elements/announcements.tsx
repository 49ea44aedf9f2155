import { useStore } from '../state/store-context.ts'
import { Icon } from './icon.tsx'

/**
 * Live regions. They must be inside the open dialog, if there is one: screen readers ignore what
 * lies behind it.
 */
export function Announcements() {
  const { spoken, notice } = useStore().announcer
  const shown = notice.value
  return (
    <>
      <div class="visually-hidden" role="status">
        {spoken.value}
      </div>
      <div class="notices" role="alert">
        {shown && (
          <p class="line box">
            <Icon name={shown.kind === 'done' ? 'ready' : 'failed'} />
            {shown.sentence}
          </p>
        )}
      </div>
    </>
  )
}
