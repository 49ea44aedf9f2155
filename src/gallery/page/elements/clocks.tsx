import { formatAge, formatElapsed } from '../state/format.ts'
import { useStore } from '../state/store-context.ts'

/** How long ago something was. */
export function AgeClock({ time }: { readonly time: string }) {
  const now = useStore().now.value
  return (
    <time dateTime={time} title={new Date(time).toLocaleString()}>
      {formatAge(Date.parse(time), now)}
    </time>
  )
}

/** How long something has taken so far. */
export function ElapsedClock({ since }: { readonly since: string }) {
  const now = useStore().now.value
  return (
    <time dateTime={since} aria-hidden="true">
      {formatElapsed(now - Date.parse(since))}
    </time>
  )
}
