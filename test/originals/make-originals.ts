import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { AcquireProgress, Order } from '../../src/originals/acquisition/order.ts'
import {
  type CreateOriginalsOptions,
  createOriginals,
} from '../../src/originals/create-originals.ts'
import type { Leases, LeasesOptions } from '../../src/originals/leases/leases.ts'
import { createLocalLeases } from '../../src/originals/leases/local-leases.ts'
import { createOriginalStore } from '../../src/originals/store/original-store.ts'
import type { ImageRequest } from '../../src/plan/image-request.ts'
import { requestKey } from '../../src/plan/request-key.ts'
import { createOpenAIAnswerReader } from '../../src/provider/openai/openai-answers.ts'
import { createOpenAICompatibleProvider } from '../../src/provider/openai/openai-compatible.ts'
import { PRESETS } from '../../src/provider/presets.ts'
import { provePicture } from '../../src/renditions/encode/prove-picture.ts'
import { loadSharp } from '../../src/renditions/encode/sharp.ts'
import { type Clock, systemClock } from '../../src/system/clock.ts'

export function makeOrder(prompt: string, name = prompt.replaceAll(' ', '-')): Order {
  const request: ImageRequest = {
    endpoint: 'generations',
    model: 'gpt-image-2',
    prompt,
    size: '1024x1024',
    params: {},
    revision: 1,
    references: [],
  }
  return {
    key: requestKey(request),
    request,
    references: [],
    image: { manifest: 'site.image.yaml', name },
  }
}

/** The journal's files, relative to its folder, sorted. */
export async function journalFiles(dir: string): Promise<readonly string[]> {
  const files = await readdir(join(dir, 'local', 'journal'), { recursive: true }).catch(() => [])
  return files.filter(file => /\.(?:json|answer|part)$/.test(file)).sort()
}

export interface MakeOriginalsOptions
  extends Partial<Omit<CreateOriginalsOptions, 'retry' | 'dir'>> {
  readonly retry?: Partial<CreateOriginalsOptions['retry']>
  /** Milliseconds for one attempt. */
  readonly timeout?: number
}

/** Everything real but the waits: store, leases, client and decoder. */
export async function makeOriginals(dir: string, url: string, options: MakeOriginalsOptions = {}) {
  const { timeout = 10_000, retry, ...rest } = options
  const store = options.store ?? createOriginalStore({ dir })
  const answers = {
    preset: PRESETS.llmeasy,
    baseURL: url,
    apiKey: 'test-key',
    answerBytes: 64 * 1024 * 1024,
  }
  const originals = createOriginals({
    dir,
    store,
    leases: createLocalLeases(dir),
    provider: async () =>
      createOpenAICompatibleProvider({
        ...answers,
        timeout: { silence: timeout, total: timeout },
      }),
    createReader: async () => createOpenAIAnswerReader(answers),
    prove: file => provePicture(file),
    loadDecoder: loadSharp,
    concurrency: 4,
    retry: { delays: [5, 10, 15], maxDelay: 1_000, uncertain: 'retry', ...retry },
    ...rest,
  })
  return { originals, store }
}

/** Leases whose dead holders are taken over within a second. */
export function quickLeases(dir: string, options: Omit<LeasesOptions, 'objects'> = {}): Leases {
  return createLocalLeases(dir, { ttl: 1_000, heartbeat: 150, poll: [20, 100], ...options })
}

/** The clock of a process whose calendar and stopwatch are off by so many milliseconds. */
export function skewedClock(skew: number): Clock {
  return {
    ...systemClock,
    now: () => systemClock.now() + skew,
    date: () => new Date(Date.now() + skew),
  }
}

/** The state that an order came into; undefined for other news. */
export function stateOf(progress: AcquireProgress) {
  return progress.type === 'state' ? progress.status.state : undefined
}

/** Collects progress for looking at afterwards. */
export function collect() {
  const seen: AcquireProgress[] = []
  return {
    seen,
    onProgress: (progress: AcquireProgress) => {
      seen.push(progress)
    },
    warnings: () => seen.flatMap(event => (event.type === 'warning' ? [event.message] : [])),
  }
}
