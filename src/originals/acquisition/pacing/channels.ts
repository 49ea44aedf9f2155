import type { Provider } from '../../../provider/provider.ts'
import type { Clock } from '../../../system/clock.ts'
import { createLazy } from '../../../system/lazy.ts'
import { createPacer, type Pacer } from './pacer.ts'
import type { RetryPolicy } from './retry-timing.ts'

/** One provider, and how much it is asked at once. */
export interface ProviderLimits {
  /** Called once, when something must be requested or downloaded. */
  readonly provider: () => Promise<Provider>
  readonly retry: RetryPolicy
  /** Requests under way at once. */
  readonly concurrency: number
}

/** One provider with queues of its own. */
export interface Channel extends Pick<ProviderLimits, 'provider' | 'retry'> {
  /**
   * Admits those who will be next to send. An acquisition that takes its lease long before it can
   * send keeps other processes from generating, and syncs signs of life while others want to sync
   * answers.
   */
  readonly admission: Pacer
  readonly pacer: Pacer
}

export interface Channels {
  /** @param name of a further provider; of one that there is no longer, the first one's */
  of(name: string | undefined): Channel
  /** Closes what was opened. */
  close(): Promise<void>
}

/** @param others further providers, by name */
export function createChannels(
  first: ProviderLimits,
  others: Readonly<Record<string, ProviderLimits>>,
  clock: Clock,
): Channels {
  const opened: (() => Promise<Provider> | undefined)[] = []
  const create = ({ provider, retry, concurrency }: ProviderLimits): Channel => {
    // A key that is missing now may be there on the next call.
    const open = createLazy(provider)
    opened.push(open.begun)
    return {
      provider: open,
      retry,
      admission: createPacer(2 * concurrency, clock),
      pacer: createPacer(concurrency, clock),
    }
  }
  const usual = create(first)
  const named = new Map(Object.entries(others).map(([name, limits]) => [name, create(limits)]))
  return {
    of: name => (name === undefined ? undefined : named.get(name)) ?? usual,
    async close() {
      for (const begun of opened) {
        const provider = await begun()?.catch(() => undefined)
        await provider?.close()
      }
    },
  }
}
