import { BudgetError } from '../../errors/budget-error.ts'
import { MissingKeyError } from '../../errors/missing-key-error.ts'
import { MissingOriginalsError } from '../../errors/missing-originals-error.ts'
import { type ImageId, imageKey } from '../../manifest/image-id.ts'
import type { ImageEvent } from '../../pipeline/events.ts'
import type { InternalPipeline } from '../../pipeline/pipeline.ts'
import type { Selection } from '../../pipeline/project/selection.ts'
import { RunError } from '../../pipeline/run-error.ts'
import type { PlannedImage } from '../../plan/plan.ts'
import { formatBytes } from '../../text/format-bytes.ts'
import { sameId } from '../images/dev-manifest.ts'
import type { PurchaseStatus } from '../images/purchase-status.ts'
import { fingerprintOf } from './request-fingerprint.ts'

/** One request that this server asked for, from wish to end. */
interface Flight {
  readonly image: ImageId
  /** Fingerprint, and the key once it is known. */
  readonly names: Set<string>
  key: string | undefined
  status: PurchaseStatus
}

export interface PurchaseParts {
  readonly pipeline: Pick<InternalPipeline, 'generate' | 'originals' | 'on'>
  /** Told when the status of an image changed; `ready`: its original is there. */
  onChange(image: ImageId, ready: boolean): void
  warn(message: string): void
  now(): Date
}

/** What is being bought, and what became of what was. One request is asked for once at a time. */
export interface Purchases {
  statusOf(planned: PlannedImage): PurchaseStatus | undefined
  underWay(image: ImageId): readonly PurchaseStatus[]
  /** Other revisions of an image that are under way. */
  alternativesOf(id: ImageId): readonly PurchaseStatus[]
  /**
   * Buys what nobody is buying yet, and what these refer to. Does not reject: what goes wrong is
   * the status of each image.
   */
  buy(images: readonly PlannedImage[], selection: Selection): Promise<void>
  /** Notes that somebody decided not to buy it. */
  hold(planned: PlannedImage, reason: string): void
  /** How many the budget holds back. */
  readonly heldForBudget: number
  /** Forgets that the budget held them back: they are missing, as at first. */
  releaseHeldForBudget(): void
  readonly busy: boolean
  close(): void
}

export function createPurchases({ pipeline, onChange, warn, now }: PurchaseParts): Purchases {
  const flights = new Map<string, Flight>()
  const warned = new Set<string>()
  let running = 0
  const unsubscribe = pipeline.on(event => {
    if (event.type === 'image') follow(event)
  })

  function follow({ image, key, status, error }: ImageEvent): void {
    const flight = findFlight(image, key)
    if (flight?.status.state === 'under-way') {
      if (key !== undefined) {
        flight.key = key
        flight.names.add(key)
        flights.set(key, flight)
      }
      if (status.state === 'ready') land(flight)
      else flight.status = statusOf(status, flight.status.since, error)
    }
    onChange(image, status.state === 'ready')
  }

  /** Flights of one image may overlap, when its prompt was edited: the key tells them apart. */
  function findFlight(image: ImageId, key: string | undefined): Flight | undefined {
    const known = key === undefined ? undefined : flights.get(key)
    if (known) return known
    return [...flights.values()]
      .filter(flight => sameId(flight.image, image) && flight.status.state === 'under-way')
      .at(-1)
  }

  /** By its key, else by what the manifest says, as long as the flight's key is not another one. */
  function flightOf(planned: PlannedImage): Flight | undefined {
    const { key } = planned
    const known = key === undefined ? undefined : flights.get(key)
    if (known) return known
    const flight = flights.get(fingerprintOf(planned))
    const isSame = key === undefined || flight?.key === undefined || flight.key === key
    // That it could not be made for want of what it refers to says nothing once that is there.
    const isPast =
      key !== undefined && flight?.key === undefined && flight?.status.state === 'failed'
    return isSame && !isPast ? flight : undefined
  }

  function land(flight: Flight): void {
    for (const name of flight.names) {
      if (flights.get(name) === flight) flights.delete(name)
    }
  }

  function takeOff(planned: PlannedImage): Flight {
    const { key } = planned
    const flight: Flight = {
      image: planned.id,
      names: new Set([fingerprintOf(planned), ...(key === undefined ? [] : [key])]),
      key,
      status: { state: 'under-way', since: now().toISOString() },
    }
    for (const name of flight.names) flights.set(name, flight)
    return flight
  }

  function alternatives(id: ImageId): readonly Flight[] {
    const key = imageKey(withoutRevision(id))
    return [...new Set(flights.values())].filter(
      ({ image }) => image.revision !== undefined && imageKey(withoutRevision(image)) === key,
    )
  }

  function flightsForBudget(): readonly Flight[] {
    return [...new Set(flights.values())].filter(
      ({ status }) => status.state === 'held' && status.isForBudget,
    )
  }

  /** The run as a whole was refused: none of its images were asked for. */
  function refuse(started: readonly Flight[], error: Error): void {
    for (const flight of started) {
      if (flight.status.state !== 'under-way') continue
      flight.status = isHeld(error)
        ? {
            state: 'held',
            reason: error.message,
            ...(error instanceof BudgetError && { isForBudget: true }),
          }
        : { state: 'failed', error }
      onChange(flight.image, false)
    }
    if (!warned.has(error.message)) warn(error.message)
    warned.add(error.message)
  }

  return {
    statusOf: planned => flightOf(planned)?.status,
    underWay: image =>
      [...new Set(flights.values())]
        .filter(flight => sameId(flight.image, image) && flight.status.state === 'under-way')
        .map(({ status }) => status),
    alternativesOf: id =>
      alternatives(id)
        .map(({ status }) => status)
        .filter(({ state }) => state === 'under-way'),
    async buy(images, selection) {
      const wanted = images.filter(planned => flightOf(planned)?.status.state !== 'under-way')
      if (wanted.length === 0) return
      const started = wanted.map(takeOff)
      for (const { image } of started) onChange(image, false)
      running++
      pipeline.originals.beginRun()
      try {
        await pipeline.generate({ ...selection, images: wanted.map(({ id }) => id) })
      } catch (thrown) {
        const error = thrown instanceof Error ? thrown : new Error(String(thrown))
        // Its images have told their failures one by one.
        if (!(error instanceof RunError)) refuse(started, error)
        else for (const { message } of error.errors) warn(message)
      } finally {
        running--
        for (const flight of started) {
          if (flight.status.state === 'under-way') land(flight)
          onChange(flight.image, true)
        }
      }
    },
    hold(planned, reason) {
      const flight = takeOff(planned)
      flight.status = { state: 'held', reason }
      onChange(flight.image, false)
    },
    get heldForBudget() {
      return flightsForBudget().length
    },
    releaseHeldForBudget() {
      for (const flight of flightsForBudget()) {
        land(flight)
        onChange(flight.image, false)
      }
    },
    get busy() {
      return running > 0
    },
    close: unsubscribe,
  }
}

/** The image that this is an alternative of; selections say the revision beside it. */
function withoutRevision({ manifest, name }: ImageId): ImageId {
  return { manifest, name }
}

function isHeld(error: Error): boolean {
  return (
    error instanceof BudgetError ||
    error instanceof MissingKeyError ||
    error instanceof MissingOriginalsError
  )
}

function statusOf(
  status: Exclude<ImageEvent['status'], { state: 'ready' }>,
  since: string,
  error: Error = new Error('It failed.'),
): PurchaseStatus {
  switch (status.state) {
    case 'queued':
      return { state: 'under-way', since }
    case 'waiting':
      return { state: 'under-way', since, detail: `${status.holder} is buying it` }
    case 'generating':
      return { state: 'under-way', since, attempt: status.attempt }
    case 'receiving':
      return {
        state: 'under-way',
        since,
        attempt: status.attempt,
        detail: `${formatBytes(status.bytes)} received`,
      }
    case 'retrying':
      return {
        state: 'under-way',
        since,
        attempt: status.attempt,
        detail: `again in ${Math.ceil(status.delay / 1_000)} s: ${status.problem}`,
      }
    case 'failed':
      return { state: 'failed', error }
  }
}
